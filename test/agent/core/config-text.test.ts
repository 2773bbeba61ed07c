import { describe, expect, test } from "vitest";
import { type ConfigValue, parseConfigText } from "../../../src/agent/core/config-text.ts";

const entries = (text: string) => {
  const parsed = parseConfigText(text, "agent.hcl");
  if (!parsed.ok) throw new Error(parsed.diagnostic.summary);
  return parsed.entries;
};
const textOf = (value: ConfigValue | undefined) =>
  value?.kind === "string" ? value.text : undefined;
const fault = (text: string) => {
  const parsed = parseConfigText(text, "agent.hcl");
  if (parsed.ok) throw new Error("expected a fault");
  return { summary: parsed.diagnostic.summary, start: parsed.diagnostic.start };
};

describe("HCL text", () => {
  test("reads arguments, blocks, labels, lists and comments with their places", () => {
    const read = entries(
      `# a\n// b\n/* c\n d */ region = "eu"\nplugin "docker" {\n  args = ["x", "y",]\n}\n`,
    );
    expect(read.map((entry) => [entry.key, entry.labels, entry.at])).toEqual([
      ["region", [], { line: 4, column: 7 }],
      ["plugin", ["docker"], { line: 5, column: 1 }],
    ]);
  });

  test("keeps quotes that stand inside an interpolation", () => {
    expect(textOf(entries('a = "${env("X")} b"')[0]?.value)).toBe('${env("X")} b');
  });

  test("reads escapes and heredocs, and cuts the indent of <<-", () => {
    const read = entries(
      'a = "x\\n\\t\\"\\u00e4"\nb = <<-EOF\n    one\n      two\n    EOF\nc = 1\n',
    );
    expect(read.map((entry) => textOf(entry.value))).toEqual([
      'x\n\t"ä',
      "one\n  two\n",
      undefined,
    ]);
    expect(read[2]?.at).toEqual({ line: 6, column: 1 });
  });

  test("reads quoted keys as HCL 1 allows", () => {
    expect(entries('options = { "driver.allowlist" = "docker" }')[0]?.value).toMatchObject({
      entries: [{ key: "driver.allowlist" }],
    });
  });
});

test("JSON goes through the same reader", () => {
  const read = entries('{"server": {"enabled": true, "bootstrap_expect": 3}, "name": null}');
  expect(read.map((entry) => [entry.key, entry.value.kind])).toEqual([
    ["server", "object"],
    ["name", "null"],
  ]);
});

describe("faults name what was expected and where", () => {
  test.each([
    ["region = \n", "expected a value, found the end of the file", 2, 1],
    [
      "server {\n  enabled = true\n",
      "expected an argument or block name, found the end of the file",
      3,
      1,
    ],
    ['a = "open\n', "string not ended", 1, 5],
    ["a = yes", "unknown word yes: put text into quotes", 1, 5],
    ["a 5", "expected `=` or `{`, found `5`", 1, 3],
    ["a = <<EOF\nx\n", "heredoc EOF not ended", 1, 5],
    ["a = [1 2]", "expected `,` or `]`, found `2`", 1, 8],
    ['a = "\\q"', "unknown escape \\q in a string", 1, 5],
    ["/* open", "comment not ended", 1, 1],
    ["a = @", 'unexpected character "@"', 1, 5],
  ])("%j", (text, summary, line, column) => {
    expect(fault(text)).toEqual({ summary, start: { line, column } });
  });

  test("a bomb of brackets is refused, not followed", () => {
    expect(fault(`a = ${"[".repeat(100_000)}`).summary).toBe("nested too deeply");
  });
});

import { expect, test } from "vitest";
import { parseYaml } from "../../src/jobspec/parse-yaml.ts";

test("a document becomes JSON with the words of YAML 1.1", () => {
  expect(parseYaml("a: [1, 2.5, yes, ~]\nb:\n  c: text\n")).toEqual({
    a: [1, 2.5, true, null],
    b: { c: "text" },
  });
});

test("aliases that name each other many times make one object each", () => {
  const lines = ["a0: &a0 [x, x]"];
  for (let at = 1; at < 60; at++) lines.push(`a${at}: &a${at} [*a${at - 1}, *a${at - 1}]`);
  const found = parseYaml(lines.join("\n"));
  expect(Object.keys(found ?? {})).toHaveLength(60);
});

test("what is not YAML is refused in words", () => {
  expect(() => parseYaml("a: [")).toThrow("this is not YAML that can be read");
});

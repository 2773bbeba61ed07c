import { expect, test } from "vitest";
import { readBody } from "../../../../src/jobspec/core/hcl/body.ts";
import { faultsOf } from "../../support.ts";
import { createSource, Faults } from "../../../../src/jobspec/core/hcl/source.ts";

function read(text: string) {
  const faults = new Faults();
  const body = readBody(createSource("t", text), faults);
  return {
    body,
    faults: faults.list.map((d) => `${d.start?.line},${d.start?.column} ${d.summary}`),
  };
}

test("arguments and blocks come in the order of the text", () => {
  const { body, faults } = read('a = 1\nb "x" y {\n  c = 2\n}\nd { e = 3 }');
  expect(faults).toEqual([]);
  expect(body?.items.map((item) => `${item.kind} ${item.name}`)).toEqual([
    "attribute a",
    "block b",
    "block d",
  ]);
  expect(body?.items[1]).toMatchObject({ labels: [{ text: "x" }, { text: "y" }] });
});

test("one-line blocks hold one argument and no block", () => {
  expect(read("a { b {} }").faults).toEqual(["1,5 Invalid single-line block"]);
  expect(read("a { b = 1\n}").faults).toEqual(["1,10 Invalid single-line block"]);
});

test("labels take no interpolation", () => {
  expect(read('job "a${b}" {}').faults).toEqual(["1,7 Invalid label"]);
});

test("what is neither is refused at its name", () => {
  expect(read("priority 50").faults).toEqual(["1,1 Invalid block or argument definition"]);
  expect(read("a {\n").faults).toEqual(["1,3 Unclosed configuration block"]);
});

test("every fault of the language is told, and none for what it left behind", () => {
  const text = [
    'job "j" {',
    "  priority 50",
    '  datacenters = ["a" "b"]',
    "  group 'g' {",
    "    count = 1",
    "  }",
    '  group "h" {',
    "    count = ",
    '    task "t" {',
    "      config {",
    "        args = [",
    "          1",
    "          2",
    "        ]",
    '        image = "x',
    "      }",
    "      env {",
    "        a = upper(",
    "      }",
    "    }",
    "  }",
    "}",
    "",
    "x y z",
  ].join("\n");
  expect(read(text).body).toBeUndefined();
  expect(read(text).faults).toEqual([
    "2,3 Invalid block or argument definition",
    "3,22 Missing item separator",
    "4,9 Invalid quotes",
    "8,13 Invalid expression",
    "13,11 Missing item separator",
    "15,19 Unterminated text",
    "19,7 Invalid expression",
    "24,6 Invalid block definition",
  ]);
});

test("braces that a fault took with it are not missed", () => {
  expect(read("a {\nb = [\n}\nc = 1\n}\n}\nd = 1").faults).toEqual(["3,1 Invalid expression"]);
  expect(read("a {\n  b c = {\n  d {\n").faults).toEqual(["2,7 Invalid block definition"]);
});

test("some faults end the reading", () => {
  expect(read("a = 1 b\nc = /* d\n = \n").faults).toEqual([
    "1,7 Missing newline after argument",
    "2,5 Unterminated comment",
  ]);
  expect(read("a = 'x'\n".repeat(1000)).faults).toHaveLength(21);
  expect(read(`a = ${"[".repeat(5000)}\nb = !\n`).faults).toHaveLength(1);
});

test.each([
  ["a = 1 b", "t:1,7-8: Missing newline after argument"],
  ["a {} b", "t:1,6-7: Missing newline after block definition"],
  ["a { b = 1 } c", "t:1,13-14: Missing newline after block definition"],
  ['"a" = 1', "t:1,1-2: Argument or block definition required"],
  ["= 1", "t:1,1-2: Argument or block definition required"],
  ["a b = 1", "t:1,5-6: Invalid block definition"],
  ["abc 1", "t:1,1-4: Invalid block or argument definition"],
  ['a "b${c}" {}', "t:1,5-7: Invalid label"],
  ['a "${c}" {}', "t:1,4-6: Invalid label"],
  ["a { b {} }", "t:1,5-6: Invalid single-line block"],
  ["a { b = 1, c = 2 }", "t:1,10-11: Invalid single-line block"],
  ["a {", "t:1,3-4: Unclosed configuration block"],
  ["a { b = 1", "t:1,10-10: Invalid single-line block"],
])("%j is marked where it is wrong", (text, place) => {
  expect(faultsOf(text)[0]?.split(";")[0]).toBe(place);
});

test("the words about a missing line's end fit what it is missing behind", () => {
  expect(faultsOf("a = 1 b")[0]).toContain("An argument must end with a newline.");
  expect(faultsOf("a {} b")[0]).toContain("A block must end with a newline.");
  expect(faultsOf('"a" = 1')[0]).toContain("written without quotes");
  expect(faultsOf("= 1")[0]).toContain("is required here");
});

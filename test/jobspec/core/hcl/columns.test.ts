import { expect, test } from "vitest";
import { expressionFaults } from "../../../support/expression-faults.ts";
import { faultsOf, valueOf } from "../../support.ts";

/** Columns count what a person takes for one character each; a tab is one, too. */
const columns: readonly (readonly [text: string, place: string])[] = [
  ["nope()", "1"],
  ["\tnope()", "2"],
  ["\t\t /* \t */ nope()", "12"],
  ['["é", nope()]', "7"],
  ['["e\u0301", nope()]', "7"],
  ['["e\u0301\u0323\u0308", nope()]', "7"],
  ['["🚢", nope()]', "7"],
  ['["👨‍👩‍👧‍👦", nope()]', "7"],
  ['["👍🏽", nope()]', "7"],
  ['["🇦🇹", nope()]', "7"],
  ['["🇦🇹🇩🇪", nope()]', "8"],
  ['["각", nope()]', "7"],
  ['["नि", nope()]', "7"],
  ['["\u200b", nope()]', "7"],
  ["[1, # 👨‍👩‍👧\n nope()]", "2,2"],
  ["[1,\r\n\tnope()]", "2,2"],
  ["[<<E\n👍🏽${nope()}\nE\n]", "2,4"],
  ["[<<-E\n\t\té ${nope()}\n\tE\n]", "2,7"],
  ["(1 +\n\n  nope())", "3,3"],
  ['"👨‍👩‍👧${nope()}"', "5"],
  ["{ größe👍 = 1 }", "8"],
];

test.each(columns)("%j is at fault at %s", (text, place) => {
  expect(expressionFaults(text)[0]).toMatch(new RegExp(`^${place} `));
});

test("a mark of byte order and Windows line ends move nothing", () => {
  const text = 'job "j" {\n  meta = {\n    a = upper([])\n  }\n}\n';
  const places = (job: string): readonly string[] =>
    faultsOf(job).map((fault) => fault.split(": ")[0] ?? "");
  expect(places(text)).toEqual(["t:3,15-17"]);
  expect(places(`\uFEFF${text}`)).toEqual(["t:3,15-17"]);
  expect(places(text.replaceAll("\n", "\r\n"))).toEqual(["t:3,15-17"]);
});

test("every fault of a job file's expressions is told in one go", () => {
  const job = `locals {
  a = foo(1) + bar(2)
}
variable "v" {
  default = [foo(), bar()]
}
job "j" {
  datacenters = [local.a, upper([]), "x\${nope()}"]
  meta = { x = 1 + [], y = local.zz, (null) = 2 }
  group "g" {
    count = length(var.v) > 0 ? foo() : bar()
    task "t" {
      driver = "exec"
      config {
        args = [foo(), -"x", bar()]
      }
    }
  }
}
`;
  expect(faultsOf(job).map((fault) => fault.replace(/;.*/, ""))).toEqual([
    "t:5,14-17: Call to unknown function",
    "t:5,21-24: Call to unknown function",
    "t:2,7-10: Call to unknown function",
    "t:2,16-19: Call to unknown function",
    "t:8,33-35: Invalid function argument",
    "t:8,42-46: Call to unknown function",
    "t:9,20-22: Invalid operand",
    "t:9,33-36: Unsupported attribute",
    "t:9,47-48: Null value as key",
    "t:15,17-20: Call to unknown function",
    "t:15,25-28: Invalid operand",
    "t:15,30-33: Call to unknown function",
  ]);
});

test("text is brought to its composed form wherever it comes from", () => {
  expect(valueOf('"e\u0301"')).toBe("\u00e9");
  expect(valueOf('"e${"\u0301"}"')).toBe("\u00e9");
  expect(valueOf("<<E\ne\u0301\nE\n")).toBe("\u00e9\n");
  expect(valueOf('"e\u0301" == "\u00e9"')).toBe(true);
  expect(valueOf('{ "e\u0301" = 1 }["\u00e9"]')).toBe(1);
  expect(valueOf('upper("e\u0301")')).toBe("\u00c9");
});

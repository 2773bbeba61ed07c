import { expect, test } from "vitest";
import { faultsOf } from "../../support.ts";
import { formatDiagnostic, parseJob } from "../../../../src/jobspec/parse-job.ts";

const text = 'variable "n" {\n  type = number\n  default = 1\n}\njob "j" {\n  priority = var.n\n}';
function priority(options: Partial<Parameters<typeof parseJob>[1]>): unknown {
  const result = parseJob(text, { file: "t", ...options });
  return result.ok ? result.body.Priority : result.diagnostics.map(formatDiagnostic);
}

test("flags beat files, files the environment, that the default", () => {
  const variableFiles = [{ name: "v", text: "n = 1 + 2" }];
  expect(priority({})).toBe(1);
  expect(priority({ environment: { n: "2", other: "x" } })).toBe(2);
  expect(priority({ environment: { n: "2" }, variableFiles })).toBe(3);
  expect(priority({ variableFiles, variableFlags: { n: "4" } })).toBe(4);
  expect(priority({ variableFiles: [{ name: "v", text: '{ "n": 5 }' }] })).toBe(5);
});

test("a value that does not fit is refused at its place", () => {
  expect(priority({ variableFiles: [{ name: "v", text: "n = []" }] })).toEqual([
    expect.stringMatching(/^v:1,5-7: Invalid value for variable/),
  ]);
});

test("undeclared values are faults only where that is asked for", () => {
  const variableFlags = { m: "1" };
  expect(priority({ variableFlags })).toBe(1);
  expect(priority({ variableFlags, strictVariables: true })).toEqual([
    expect.stringMatching(/^<nil>: Undefined -var variable/),
  ]);
});

const told = (head: string): readonly string[] => {
  const result = parseJob(`${head}\njob "j" {}`, { file: "t" });
  return result.ok ? [] : result.diagnostics.map(formatDiagnostic);
};

test.each([
  ['variable "my var" {\n default = 1\n}', /^t:1,10-18: Invalid variable name/],
  ['variables "x" {\n}', /^t:1,11-14: Extraneous label/],
  ["variables {\n a {\n }\n}", /^t:2,2-3: Unexpected block/],
  ["variables {\n a = 1\n}\nvariables {\n a = 2\n}", /^t:5,2-3: Duplicate variable/],
  ['variables {\n a = 1\n}\nvariable "a" {\n default = 1\n}', /^<nil>: Duplicate variable/],
])("%j is refused", (head, fault) => {
  expect(told(head)).toEqual([expect.stringMatching(fault)]);
});

test("a broken rule is told even where its variable has another value, and only once", () => {
  expect(
    told(
      'variable "v" {\n default = 1\n validation {\n condition = true\n error_message = "No."\n }\n}',
    ),
  ).toEqual([expect.stringContaining("t:4,14-18: Invalid variable validation condition")]);
});

const placesOf = (declarations: string): string[] =>
  faultsOf(`${declarations}\njob "j" {\n}`).map((fault) => fault.split(";")[0] ?? "");

test.each([
  ["variable {\n}", "t:1,10-11: Missing name for variable"],
  ['variable "a" "b" {\n default = 1\n}', "t:1,14-17: Extraneous label for variable"],
  ['variable "a" {\n dfault = 1\n default = 1\n}', "t:2,2-8: Unsupported argument"],
  ['variable "a" {\n default = 1\n default = 2\n}', "t:3,2-9: Attribute redefined"],
  ["variables {\n a {\n }\n}", "t:2,2-3: Unexpected block"],
  ['variable "a" {\n type = number\n default = []\n}', "t:3,12-14: Invalid value for variable"],
])("%j is refused at its place", (text, place) => {
  expect(placesOf(text)).toEqual([place]);
});

test("a variable declared twice or without a value is refused", () => {
  expect(placesOf('variables {\n a = 1\n}\nvariable "a" {\n default = 2\n}')).toEqual([
    expect.stringContaining("Duplicate variable"),
  ]);
  expect(placesOf('variable "a" {\n}')).toEqual([expect.stringContaining("Unset variable")]);
});

test("a misspelt argument of a variable is told with the one that was meant, an odd one is not", () => {
  const words = (name: string): string | undefined =>
    faultsOf(`variable "a" {\n ${name} = 1\n default = 1\n}\njob "j" {\n}`)[0];
  expect(words("defualt")).toContain('Did you mean "default"?');
  expect(words("descripton")).toContain('Did you mean "description"?');
  expect(words("typ")).toContain('Did you mean "type"?');
  expect(words("validatio")).toContain('Did you mean "validation"?');
  expect(words("zzzzzz")).toMatch(/Not expected in a variable\.$/);
});

test("text from the command line is read as the type asks", () => {
  const given = (type: string, value: string): unknown => {
    const job = `variable "v" {\n type = ${type}\n}\njob "j" {\n meta {\n m = jsonencode(var.v)\n }\n}`;
    const result = parseJob(job, { file: "t", variableFlags: { v: value } });
    return result.ok ? result.body.Meta : result.diagnostics.map(formatDiagnostic);
  };
  expect(given("string", "[1]")).toEqual({ m: '"[1]"' });
  expect(given("number", "12")).toEqual({ m: "12" });
  expect(given("bool", "true")).toEqual({ m: "true" });
  expect(given("list(string)", '["a"]')).toEqual({ m: '["a"]' });
});

test("the fault of a broken variable is told once, however often it is used", () => {
  const faults = faultsOf(
    'variable "a" {\n type = nothing\n}\njob "j" {\n name = var.a\n region = var.a\n}',
  );
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain("Invalid type specification");
});

test("the value of a variable calls no functions", () => {
  const read = (options: Partial<Parameters<typeof parseJob>[1]>) => {
    const job = 'variable "v" {\n type = list(string)\n}\njob "j" {}';
    const result = parseJob(job, { file: "t", ...options });
    return result.ok ? "read" : result.diagnostics.map(formatDiagnostic)[0];
  };
  expect(read({ variableFiles: [{ name: "v", text: 'v = ["a"]' }] })).toBe("read");
  expect(read({ variableFiles: [{ name: "v", text: "v = concat([])" }] })).toContain("v:1,5");
  expect(read({ variableFlags: { v: "concat([])" } })).toContain("unknown function");
});

test("of several rules all that a value breaks are told", () => {
  const rule = (condition: string, words: string): string =>
    `validation {\n condition = ${condition}\n error_message = "${words}."\n }`;
  const rules = [rule("var.a > 1", "Few"), rule("var.a < 1", "Many"), rule("var.a == 1", "Odd")];
  const faults = faultsOf(`variable "a" {\n default = 1\n ${rules.join("\n ")}\n}\njob "j" {\n}`);
  expect(faults).toEqual([
    expect.stringContaining("t:2,12-13: Invalid value for variable; Few."),
    expect.stringContaining("t:2,12-13: Invalid value for variable; Many."),
  ]);
});

test("a rule that a value breaks is told with its own words", () => {
  const faults = faultsOf(
    'variable "a" {\n default = 1\n validation {\n condition = var.a > 1\n error_message = "Too few."\n }\n}\njob "j" {\n}',
  );
  expect(faults).toEqual([expect.stringContaining("Invalid value for variable; Too few.")]);
});

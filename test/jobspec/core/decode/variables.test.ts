import { expect, test } from "vitest";
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

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

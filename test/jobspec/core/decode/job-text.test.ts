import { expect, test } from "vitest";
import { formatDiagnostic, parseJob } from "../../../../src/jobspec/parse-job.ts";
import { faultsOf } from "../../support.ts";

test("the top level knows only its four blocks and needs one job", () => {
  expect(faultsOf("")).toEqual([expect.stringMatching(/^<nil>: Missing job block/)]);
  expect(faultsOf('jobs "a" {\n}')[0]).toContain('Did you mean "job"?');
  expect(faultsOf('a = 1\njob "j" {\n}')[0]).toMatch(/^t:1,1-2: Unsupported argument/);
  expect(faultsOf('job "a" {\n}\njob "b" {\n}')[0]).toMatch(/^t:3,1-4: Duplicate job block/);
});

test("the JSON form is read wherever the plain form is", () => {
  expect(faultsOf('{ "job": { "j": {} } }')).toEqual([]);
  expect(faultsOf('{ "job": }')[0]).toMatch(/^t:1,10-11: Invalid JSON value/);
});

const withValues = (...texts: readonly string[]): readonly string[] => {
  const job = `variable "a" { type = string }
variable "b" { default = 1 }
job "j" {
  name     = var.a
  priority = var.b
  tipe     = "batch"
}`;
  const variableFiles = texts.map((text, at) => ({ name: `v${at}`, text }));
  const result = parseJob(job, { file: "t", variableFiles, strictVariables: true });
  return result.ok ? [] : result.diagnostics.map(formatDiagnostic);
};
const misspelt = expect.stringMatching(/^t:6,3-7: Unsupported argument/);

test.each([
  ["is broken", 'a = "x\n', /^v0:1,/],
  ["is broken JSON", '{"a": }', /^v0:1,7-8: Invalid JSON value/],
  ["has one broken value in JSON", '{"a": {"b": 1, "b": 2}}', /^v0:1,16-19: Duplicate/],
  ["has a block where a value belongs", "a {\n}\n", /^v0:1,1-2: Unexpected block among values/],
])("where a file of values %s only that is told, and what is wrong elsewhere", (_, text, fault) => {
  expect(withValues(text)).toEqual([expect.stringMatching(fault), misspelt]);
});

test("a stronger value makes up for a file of values that cannot be read", () => {
  expect(withValues("a = ", 'a = "x"\nb = "no number"')).toEqual([
    expect.stringMatching(/^v0:1,/),
    expect.stringMatching(/^v1:2,5-16: Invalid value for variable/),
    misspelt,
  ]);
});

test("a variable without a value is told where the files of values can be read", () => {
  const unset = expect.stringMatching(/^<nil>: Unset variable; The variable "a"/);
  expect(withValues("")).toEqual([unset, misspelt]);
  expect(withValues("c = 1")).toEqual([
    expect.stringMatching(/^v0:1,1-2: Undefined variable/),
    unset,
    misspelt,
  ]);
});

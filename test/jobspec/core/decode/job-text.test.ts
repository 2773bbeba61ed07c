import { expect, test } from "vitest";
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

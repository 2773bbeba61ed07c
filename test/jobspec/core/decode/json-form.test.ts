import { expect, test } from "vitest";
import { jsonFormOf } from "../../../../src/jobspec/core/decode/json-form.ts";
import type { Json } from "../../../../src/lib/json.ts";

const kindOf = (value: Json): string | undefined => jsonFormOf(value)?.kind;

test.each<[string, Json]>([
  ["the envelope in Go spelling", { Job: { ID: "a" } }],
  ["the envelope with other fields of a request", { Job: {}, EnforceIndex: true }],
  ["the envelope in another spelling around a job", { job: { id: "a", taskgroups: [] } }],
  ["an envelope in capitals", { JOB: { a: {} } }],
  ["a job alone", { ID: "a", TaskGroups: [] }],
  ["a job alone in small letters", { id: "a" }],
  ["an envelope with nothing in it", { Job: null }],
  ["a job that has a list of texts", { job: { datacenters: ["a"] } }],
])("the API's form is %s", (_, value) => {
  expect(kindOf(value)).toBe("api");
});

test.each<[string, Json]>([
  ["a job by its name", { job: { web: { group: {} } } }],
  ["a job in a list", { job: [{ web: {} }] }],
  ["a job with two bodies", { job: { web: [{ type: "batch" }, {}] } }],
  ["a job that is called as a field of the API is", { job: { meta: { group: {} }, id: {} } }],
  ["variables beside a job", { variable: { a: {} }, job: { web: {} } }],
  ["variables without a job", { variables: {} }],
  ["locals beside a job of whatever shape", { locals: {}, job: { ID: "a" } }],
  ["a job that is empty", { job: {} }],
])("the language's form is %s", (_, value) => {
  expect(kindOf(value)).toBe("language");
});

test.each<[string, Json]>([
  ["no object", [{ Job: {} }]],
  ["nothing at all", {}],
  ["a group without a job", { group: { web: {} } }],
  ["null fields only", { ID: null }],
  ["something else", { name_of: "x", services: {} }],
])("%s is neither", (_, value) => {
  expect(jsonFormOf(value)).toBeUndefined();
});

test("the property that holds the job is told, an exact spelling before others", () => {
  expect(jsonFormOf({ job: { ID: "b" }, Job: { ID: "a" } })).toEqual({
    kind: "api",
    envelope: "Job",
    job: { ID: "a" },
  });
  expect(jsonFormOf({ ID: "a" })).toEqual({ kind: "api", envelope: undefined, job: { ID: "a" } });
});

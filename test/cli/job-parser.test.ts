import { expect, test } from "vitest";
import { loadJobFile } from "../../src/cli/job-parser.ts";
import type { JobRequest } from "../../src/cli/load-job.ts";

const request = (text: string) => ({
  text,
  file: "x.json",
  json: true,
  strict: true,
  variableFlags: {},
  variableFiles: [],
  environment: {},
});

test("JSON is taken with and without its envelope", async () => {
  const wanted = { ok: true, body: { ID: "a", Dispatched: false } };
  expect(await loadJobFile(request('{"Job":{"ID":"a"}}'))).toMatchObject(wanted);
  expect(await loadJobFile(request('{"ID":"a"}'))).toMatchObject(wanted);
});

test("a text that is no JSON object is refused", async () => {
  expect(await loadJobFile(request("{"))).toMatchObject({
    ok: false,
    message: "Failed to parse JSON job: unexpected EOF",
    faults: [{ start: { line: 1, column: 2 } }],
  });
  expect(await loadJobFile(request('{"ID":3}'))).toMatchObject({
    ok: false,
    message: "Failed to parse JSON job: Job.ID: expected text, got 3",
    faults: [{ file: "x.json", start: { line: 1, column: 7 } }],
  });
  expect(await loadJobFile(request("3"))).toMatchObject({
    ok: false,
    message: "Failed to parse JSON job: not an object",
  });
});

const text = `variable "a" { default = "default" }
job "j" {
  name = var.a
}`;
const named = async (over: Partial<JobRequest>): Promise<unknown> => {
  const loaded = await loadJobFile({ ...request(text), file: "j.nomad", json: false, ...over });
  return loaded.ok ? loaded.body.Name : loaded.message;
};

test("of several files of variables the last one wins, a flag over all, the environment over none", async () => {
  const file = (name: string) => ({ name, text: `a = "${name}"` });
  const environment = { a: "environment" };
  expect(await named({})).toBe("default");
  expect(await named({ environment })).toBe("environment");
  expect(await named({ environment, variableFiles: [file("one"), file("two")] })).toBe("two");
  expect(await named({ variableFlags: { a: "flag" }, variableFiles: [file("one")] })).toBe("flag");
});

test("a value for a variable that nobody declared is refused unless it is asked not to be", async () => {
  const variableFiles = [{ name: "v.vars", text: 'b = "x"' }];
  expect(await named({ variableFlags: { b: "x" } })).toContain(
    "Error parsing job file from j.nomad",
  );
  expect(await named({ variableFiles })).toContain("v.vars:1,1");
  expect(await named({ variableFlags: { b: "x" }, variableFiles, strict: false })).toBe("default");
  expect(await named({ environment: { b: "x" } })).toBe("default");
});

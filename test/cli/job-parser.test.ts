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

test("a file in the other form is told so in one fault that says what to do", async () => {
  const api = '\n{"Job": {"ID": "a", "TaskGroups": []}}';
  expect(await loadJobFile({ ...request(api), json: false })).toMatchObject({
    ok: false,
    message: expect.stringContaining("Give -json to read this one"),
    faults: [
      {
        summary: "Job in the form of the HTTP API",
        file: "x.json",
        start: { line: 2, column: 2 },
        end: { line: 2, column: 7 },
      },
    ],
  });
  const plain = '# Mine.\njob "a" {\n  group "g" {}\n}\n';
  expect(await loadJobFile(request(plain.slice(8)))).toMatchObject({
    ok: false,
    message: expect.stringMatching(
      /^Failed to parse JSON job: x.json:1,1-4: Not JSON; .*Leave -json out/,
    ),
    faults: [{ start: { line: 1, column: 1 }, end: { line: 1, column: 4 } }],
  });
  expect(await loadJobFile(request(plain))).toMatchObject({ faults: [{ summary: "Not JSON" }] });
  const inJson = '{"job": {"a": {"group": {"g": {}}}}}';
  expect(await loadJobFile(request(inJson))).toMatchObject({
    ok: false,
    faults: [{ summary: "Job in the job language", start: { line: 1, column: 2 } }],
  });
});

test("what is wrong in the form that was asked for is told as ever", async () => {
  const inJson = '{"job": {"a": {"cuont": 1}}}';
  expect(await loadJobFile({ ...request(inJson), json: false })).toMatchObject({
    faults: [{ summary: "Unsupported argument" }],
  });
  expect(await loadJobFile({ ...request("[1]"), json: false })).toMatchObject({ ok: false });
  expect(await loadJobFile(request('{"job": {"ID": 3}}'))).toMatchObject({
    message: "Failed to parse JSON job: Job.ID: expected text, got 3",
    faults: [{ start: { line: 1, column: 16 } }],
  });
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

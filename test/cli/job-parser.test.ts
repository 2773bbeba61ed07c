import { expect, test } from "vitest";
import { loadJobFile } from "../../src/cli/job-parser.ts";

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
  expect(await loadJobFile(request('{"Job":{"ID":"a"}}'))).toEqual(wanted);
  expect(await loadJobFile(request('{"ID":"a"}'))).toEqual(wanted);
});

test("a text that is no JSON object is refused", async () => {
  expect(await loadJobFile(request("{"))).toMatchObject({ ok: false });
  expect(await loadJobFile(request('{"ID":3}'))).toEqual({
    ok: false,
    message: "Failed to parse JSON job: Job.ID: expected text, got 3",
  });
  expect(await loadJobFile(request("3"))).toMatchObject({
    ok: false,
    message: "Failed to parse JSON job: not an object",
  });
});

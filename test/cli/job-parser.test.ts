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
  expect(await loadJobFile(request('{"Job":{"ID":"a"}}'))).toEqual({ ok: true, body: { ID: "a" } });
  expect(await loadJobFile(request('{"ID":"a"}'))).toEqual({ ok: true, body: { ID: "a" } });
});

test("a text that is no JSON object is refused", async () => {
  expect(await loadJobFile(request("{"))).toMatchObject({ ok: false });
  expect(await loadJobFile(request("3"))).toMatchObject({
    ok: false,
    message: "Failed to parse JSON job: not an object",
  });
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { loadJobFile } from "../../src/agent/load-job.ts";
import type { JobReader } from "../../src/jobspec/job-reader.ts";
import { parseJobFile } from "../../src/jobspec/parse-job-file.ts";
import type { OpenedStore } from "../../src/store/open-store.ts";
import { openTestStore, temporaryFolder } from "../support/store.ts";

let data: ReturnType<typeof temporaryFolder>;
let store: OpenedStore;
beforeEach(async () => {
  data = temporaryFolder();
  store = await openTestStore(data.path);
});
afterEach(async () => {
  await store.close();
  data.remove();
});
const reader: Pick<JobReader, "parseFile"> = {
  parseFile: (text, options) => Promise.resolve(parseJobFile(text, options)),
};
const load = (text: string, file: string) =>
  loadJobFile({ reader, read: store.read, region: "global" }, text, file);

test("a broken JSON file is refused with its line and column, as an HCL file is", async () => {
  expect(await load('{\n  "ID": "a",,\n}', "a.json")).toMatchObject({
    kind: "faulty",
    diagnostics: [
      {
        summary: "Invalid property name",
        start: { line: 2, column: 13 },
      },
    ],
  });
  expect(await load('job "a" {\n  tipe = "batch"\n}', "a.nomad")).toMatchObject({
    kind: "faulty",
    diagnostics: [{ start: { line: 2, column: 3 } }],
  });
});

test("a JSON file may hold the job alone, in the envelope of the API or in the language's form", async () => {
  const task = { Name: "t", Driver: "raw_exec", Config: { command: "/bin/true" } };
  const job = { ID: "a", Name: "a", TaskGroups: [{ Name: "g", Tasks: [task] }] };
  const { Name, Driver: driver, Config: config } = task;
  const group = { g: { task: { [Name]: { driver, config } } } };
  for (const text of [job, { job }, { job: { a: { group } } }].map((one) => JSON.stringify(one)))
    expect(await load(text, "a.json")).toMatchObject({ kind: "job", job: { ID: "a" } });
});

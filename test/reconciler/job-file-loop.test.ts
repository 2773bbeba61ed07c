import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { createLargeJobs } from "../../src/agent/large-jobs.ts";
import { loadJobFile } from "../../src/agent/load-job.ts";
import { createJobReader } from "../../src/jobspec/job-reader.ts";
import { askSecondOpinion } from "../../src/jobspec/second-opinion.ts";
import { type Logger, silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { systemRandom } from "../../src/lib/system/random.ts";
import { jobId } from "../../src/model/ids.ts";
import type { JobSource } from "../../src/model/job-source.ts";
import { type JobFileLoop, startJobFileLoop } from "../../src/reconciler/job-file-loop.ts";
import type { AskReader } from "../../src/reconciler/second-reader.ts";
import type { OpenedStore } from "../../src/store/open-store.ts";
import { openTestStore, temporaryFolder } from "../support/store.ts";
import { until } from "../support/until.ts";

let data: ReturnType<typeof temporaryFolder>;
let jobs: ReturnType<typeof temporaryFolder>;
let store: OpenedStore;
let loop: JobFileLoop | undefined;
beforeEach(async () => {
  data = temporaryFolder();
  jobs = temporaryFolder();
  store = await openTestStore(data.path);
});
afterEach(async () => {
  await loop?.stop();
  loop = undefined;
  await store.close();
  data.remove();
  jobs.remove();
});

const clock = createSystemClock();
const reader = createJobReader({ clock });
const large = createLargeJobs({ clock });
afterAll(async () => {
  await reader.close();
  await large.close();
});
const start = (secondOpinion: AskReader, log = silentLogger): void => {
  loop = startJobFileLoop(clock, systemRandom, log, {
    agent: "here",
    dir: jobs.path,
    rescanMs: 1_000,
    deleteGraceMs: 1_000,
    store,
    loadJob: (text, file) =>
      loadJobFile({ reader, large, read: store.read, region: "global" }, text, file),
    secondOpinion,
  });
};
const drop = (name: string, text: string): void => writeFileSync(join(jobs.path, name), text);
const source = (): JobSource | undefined => store.read.jobSources()[0];
const job = (id: string) => store.read.job({ namespace: "default", id: jobId(id) });
const text = (id: string, more = "") => `job "${id}" {
  group "g" {
    task "t" {
      driver = "raw_exec"
      config { command = "/bin/true" }
      ${more}
    }
  }
}
`;

test("a second reader that never answers does not hold a job up", async () => {
  start(() => new Promise<boolean>(() => undefined));
  drop("one.nomad", text("one"));
  await until("the job is registered", () => job("one"));
  // The record of the file is written after the job.
  await until("the file's record", () => source()?.State === "accepted");
  expect(source()?.Warnings).toBe("");
  drop("one.nomad", text("one", 'env { A = "b" }'));
  await until("the edit is registered", () => job("one")?.Version === 1);
});

test("where the second reader refuses, the file's record says so and its job runs on", async () => {
  const asked: string[] = [];
  start((given) => {
    asked.push(given);
    return Promise.resolve(false);
  });
  drop("one.nomad", text("one"));
  await until("the warning", () => source()?.Warnings.includes("hcl2-parser"));
  expect(source()).toMatchObject({ State: "accepted", JobID: "one" });
  expect(job("one")).toMatchObject({ Version: 0, Stop: false });
  expect(asked).toEqual([text("one")]);
});

test("the content that a warning was about is forgotten with the next edit", async () => {
  start((given) => Promise.resolve(!given.includes("first")));
  drop("one.nomad", text("one", 'env { A = "first" }'));
  await until("the warning", () => source()?.Warnings.includes("hcl2-parser"));
  drop("one.nomad", text("one", 'env { A = "second" }'));
  await until("the edit", () => job("one")?.Version === 1);
  await until("no warning any more", () => source()?.Warnings === "");
});

test("the real second reader has nothing to say of what both can read", async () => {
  const answers: (boolean | undefined)[] = [];
  start(async (given) => {
    const opinion = await askSecondOpinion(given, { clock, isAccepted: true, timeoutMs: 60_000 });
    answers.push(opinion?.accepts);
    return opinion?.accepts;
  });
  drop("one.nomad", text("one"));
  await until("an answer", () => answers.length > 0, { timeoutMs: 70_000 });
  expect(answers).toEqual([true]);
  expect(source()).toMatchObject({ State: "accepted", Warnings: "" });
}, 80_000);

test("a text that our own reader refuses is not asked about, nor is JSON", async () => {
  const asked: string[] = [];
  start((given) => {
    asked.push(given);
    return Promise.resolve(false);
  });
  drop("broken.nomad", 'job "x" {');
  await until("the refusal", () => source()?.State === "rejected");
  drop(
    "j.json",
    JSON.stringify({
      ID: "j",
      Type: "batch",
      Datacenters: ["*"],
      TaskGroups: [
        {
          Name: "g",
          Tasks: [{ Name: "t", Driver: "raw_exec", Config: { command: "/bin/true" } }],
        },
      ],
    }),
  );
  await until("the job of the JSON file", () => job("j"));
  const task = { driver: "raw_exec", config: { command: "/bin/true" } };
  const body = { type: "batch", group: { g: { task: { t: task } } } };
  drop("k.hcl", JSON.stringify({ job: { k: body } }));
  await until("the job of the other JSON file", () => job("k"));
  expect(asked).toEqual([]);
});

test("a file that was rejected for want of a namespace runs once the namespace is there", async () => {
  start(() => Promise.resolve(true));
  const inTeam = text("one").replace('job "one" {', 'job "one" {\n  namespace = "team"');
  drop("one.nomad", inTeam);
  await until("the refusal", () => source()?.State === "rejected");
  const standard = store.read.namespace("default");
  if (!standard) throw new Error("no namespace to copy");
  await store.write("namespace.upsert", { namespaces: [{ ...standard, Name: "team" }] });
  await until("the job", () => store.read.job({ namespace: "team", id: jobId("one") }));
  await until("the record", () => source()?.State === "accepted");
});

const agrees: AskReader = () => Promise.resolve(true);
/** The folder that held the files is put aside; another one has its place, as when nothing is mounted. */
const replaceFolder = (): void => {
  renameSync(jobs.path, join(data.path, "aside"));
  mkdirSync(jobs.path);
};

test("a restart onto an empty mount point stops no job, even if one file was known", async () => {
  start(agrees);
  drop("one.nomad", text("one"));
  await until("the file's record", () => source()?.State === "accepted");
  await loop?.stop();
  replaceFolder();
  start(agrees);
  await until("the file is held", () => source()?.State === "held");
  expect(source()?.Message).toContain("nomad job stop one");
  expect(job("one")?.Stop).toBe(false);
});

test("what a replaced folder does not have is held until it was there and is removed", async () => {
  start(agrees);
  drop("one.nomad", text("one"));
  drop("two.nomad", text("two"));
  const state = (name: string) =>
    store.read.jobSources().find(({ Path }) => Path === join(jobs.path, name))?.State;
  await until("both", () => state("one.nomad") === "accepted" && state("two.nomad") === "accepted");
  await loop?.stop();
  replaceFolder();
  drop("two.nomad", text("two"));
  start(agrees);
  await until("the missing one is held", () => state("one.nomad") === "held");
  await loop?.stop();
  // Later scans see the new folder only.
  start(agrees);
  await until("the second file is seen in the new folder", () =>
    store.read
      .jobSources()
      .every(({ Path, Folder }, _at, [first]) =>
        Path === first?.Path ? true : Folder !== first?.Folder,
      ),
  );
  expect(state("one.nomad")).toBe("held");
  drop("one.nomad", text("one"));
  await until("it is back", () => state("one.nomad") === "unchanged");
  rmSync(join(jobs.path, "one.nomad"));
  await until("its job stops", () => job("one")?.Stop === true);
  expect(job("two")?.Stop).toBe(false);
});

test("a folder that is named like a job file is told once and never a record, from the start or later", async () => {
  const warned: object[] = [];
  const log: Logger = {
    ...silentLogger,
    warn: (fields) => void warned.push(fields),
    child: () => log,
  };
  mkdirSync(join(jobs.path, "early.nomad"));
  start(agrees, log);
  await until("the first is told", () => warned.length === 1);
  mkdirSync(join(jobs.path, "late.nomad"));
  await until("the second is told", () => warned.length === 2);
  drop("one.nomad", text("one"));
  await until("a file beside them is read", () => source()?.State === "accepted");
  expect(store.read.jobSources().map(({ Path }) => Path)).toEqual([join(jobs.path, "one.nomad")]);
  expect(warned).toEqual([
    { path: join(jobs.path, "early.nomad") },
    { path: join(jobs.path, "late.nomad") },
  ]);
});

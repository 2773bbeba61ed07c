import { afterEach, beforeEach, expect, test } from "vitest";
import { admit } from "../../src/agent/admit.ts";
import { breatherOf } from "../../src/lib/breather.ts";
import {
  jobOfText,
  jobOfTextInSteps,
  jobText,
  jobTextInSteps,
} from "../../src/agent/large-jobs/job-text.ts";
import { createLargeJobs, type LargeJobs } from "../../src/agent/large-jobs.ts";
import type { ApiContext } from "../../src/api/context.ts";
import { multiErrorText, warningsText } from "../../src/jobspec/admit-job.ts";
import { canonicalizeJobBody } from "../../src/jobspec/canonicalize-body.ts";
import { decodeJobBody } from "../../src/jobspec/decode-body.ts";
import { annotateDiff, diffJobs } from "../../src/jobspec/diff-jobs.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { systemRandom } from "../../src/lib/system/random.ts";
import { linearSearch } from "../../src/lib/system/regexp.ts";
import { dryRun } from "../../src/reconciler/schedule-job.ts";
import type { OpenedStore } from "../../src/store/open-store.ts";
import { buildContext } from "../api/support/build.ts";
import { serve, type Served } from "../api/support/serve.ts";
import { admittedJob } from "../support/admitted-job.ts";
import { openTestStore, temporaryFolder } from "../support/store.ts";

const clock = createSystemClock();
let folder: ReturnType<typeof temporaryFolder>;
let store: OpenedStore;
let large: LargeJobs;
let read: number;
/** Works on every body here, as it would without the other thread. */
let here: Served;
let elsewhere: Served;

beforeEach(async () => {
  folder = temporaryFolder();
  store = await openTestStore(folder.path);
  large = createLargeJobs({ clock });
  read = 0;
  here = await serve(contextWith({}));
  elsewhere = await serve(
    contextWith({
      large: {
        read: (bytes, place) => {
          read += 1;
          return large.read(bytes, place);
        },
      },
    }),
  );
});
afterEach(async () => {
  await here.close();
  await elsewhere.close();
  await large.close();
  await store.close();
  folder.remove();
});

const contextWith = (more: Partial<ApiContext["jobspec"]>): ApiContext => ({
  ...buildContext(),
  clock,
  random: systemRandom,
  jobspec: {
    ...buildContext().jobspec,
    decodeJobBody,
    canonicalizeJobBody,
    admitJob: admit,
    multiErrorText,
    warningsText,
    diffJobs,
    annotateDiff,
    ...more,
  },
  plan: (job) => dryRun({ read: store.read, random: systemRandom, search: linearSearch }, job, 1),
  store,
});

const group = (name: string, more: object = {}): object => ({
  Name: name,
  Count: 0,
  Meta: { filler: "x".repeat(1000) },
  Tasks: [{ Name: "t", Driver: "raw_exec", Config: { command: "/bin/true" }, ...more }],
});
const groups = Array.from({ length: 60 }, (_, at) => group(`g${at}`));
const job = (more: object = {}): object => ({
  ID: "big",
  Name: "big",
  TaskGroups: groups,
  ...more,
});

const answerOf = async (api: Served, path: string, body: unknown): Promise<unknown> => {
  const response = await api.put(path, body);
  const text = await response.text();
  const type = response.headers.get("content-type");
  const json = type?.startsWith("application/json") === true;
  return { status: response.status, type, answer: json ? (JSON.parse(text) as unknown) : text };
};
const same = async (path: string, body: unknown): Promise<unknown> => {
  const [one, other] = [await answerOf(here, path, body), await answerOf(elsewhere, path, body)];
  expect(other).toEqual(one);
  return other;
};

test.each<[string, unknown]>([
  ["a good job", { Job: job() }],
  ["a job with faults", { Job: job({ Priority: 900 }), Diagnostics: true }],
  ["a driver's fault", { Job: job({ TaskGroups: [...groups, group("z", { Config: { a: 1 } })] }) }],
  ["a job with warnings", { Job: job({ Periodic: { Spec: "@daily" }, Type: "batch" }) }],
  ["a namespace that is not there", { Job: job({ Namespace: "team" }) }],
  ["a namespace of the body", { Job: job(), Namespace: "team" }],
  ["a node pool that is not there", { Job: job({ NodePool: "rim" }) }],
  ["other spellings", { job: { ...job(), id: "big" } }],
  ["a value of a wrong type", { Job: job({ Priority: "high" }) }],
  ["another region", { Job: job({ Region: "mars" }) }],
  ["no job", { Filler: groups }],
  ["a list where the job belongs", { Job: groups }],
  ["a list", groups],
  ["an id of a wrong type", { Job: job({ ID: groups }) }],
  ["a flag of a wrong type", { Job: job(), Diagnostics: groups }],
  ["broken JSON", `{"Job": ${JSON.stringify(job())},`],
])("%s is answered as on the main thread", async (_, body) => {
  await same("/v1/validate/job", body);
  expect(read).toBe(1);
});

test("a small body stays on the main thread", async () => {
  await same("/v1/validate/job", { Job: { ID: "small" } });
  expect(read).toBe(0);
});

test("a large job is stored and compared as a small one is", async () => {
  const source = "# where it comes from\n".repeat(100);
  const submission = { Source: source, Format: "hcl2", VariableFlags: { a: "b" } };
  const body = { Job: job(), Submission: submission };
  const plan = { Job: job(), Diff: true };
  expect(await same("/v1/job/big/plan", plan)).toMatchObject({
    answer: { Diff: { Type: "Added" } },
  });
  expect(await answerOf(elsewhere, "/v1/jobs", body)).toMatchObject({ status: 200 });
  const stored = await (await here.get("/v1/job/big")).json();
  expect(await (await here.get("/v1/job/big/submission?version=0")).json()).toMatchObject(
    submission,
  );
  // The same job again is no new version: what was stored is what the main thread makes of it.
  expect(await answerOf(here, "/v1/jobs", body)).toMatchObject({ status: 200 });
  expect(stored).toMatchObject({ Version: 0, TaskGroups: { length: 60 } });
  expect(await (await here.get("/v1/job/big")).json()).toMatchObject({ Version: 0 });
  const changed = { Job: job({ TaskGroups: [...groups.slice(1), group("new")] }), Diff: true };
  expect(await same("/v1/job/big/plan", changed)).toMatchObject({
    answer: { Diff: { Type: "Edited", TaskGroups: { length: 61 } } },
  });
  expect(await same("/v1/job/big/plan", { Job: job() })).toMatchObject({ answer: { Diff: null } });
  expect(await same("/v1/job/other/plan", plan)).toMatchObject({ status: 400 });
  const again = { Job: job({ Priority: 900 }) };
  expect(await same("/v1/jobs", again)).toMatchObject({ status: 500 });
  expect(read).toBe(6);
});

test("a body that takes too long is refused, and the next one is read", async () => {
  const hasty = createLargeJobs({ clock, limitMs: 1 });
  const bytes = (): Buffer => Buffer.from(JSON.stringify({ Job: job() }));
  const place = {
    namespace: "",
    region: "global",
    namespaces: ["default"],
    nodePools: ["default"],
    namespaceCapabilities: {},
    memoryOversubscription: false,
  };
  await expect(hasty.read(bytes(), place)).rejects.toThrow(
    "the job is too large: checking it was given up after 1 ms",
  );
  await hasty.close();
  expect(await large.read(bytes(), place)).toMatchObject({ job: { kind: "admitted" } });
});

test("what the namespace forbids, and memory that the cluster does not lend, is told elsewhere too", async () => {
  const bytes = (): Buffer =>
    Buffer.from(
      JSON.stringify({
        Job: job({ TaskGroups: [group("g", { Resources: { MemoryMaxMB: 900 } })] }),
      }),
    );
  const place = {
    namespace: "",
    region: "global",
    namespaces: ["default"],
    nodePools: ["default"],
    namespaceCapabilities: { default: { DisabledTaskDrivers: ["raw_exec"] } },
    memoryOversubscription: false,
  };
  expect(await large.read(bytes(), place)).toMatchObject({
    job: {
      kind: "refused",
      errors: ['used task driver "raw_exec" is not allowed in namespace "default"'],
    },
  });
  const { job: read } = (await large.read(bytes(), { ...place, namespaceCapabilities: {} })) as {
    job: { kind: string; warnings: readonly string[] };
  };
  expect(read.kind).toBe("admitted");
  expect(read.warnings[0]).toMatch("memory_max value will be ignored");
});

test("a job in pieces is the same job, with its fields in their order", () => {
  const [first] = admittedJob().TaskGroups;
  const TaskGroups = Array.from({ length: 100 }, (_, at) => ({ ...first!, Name: `g${at}` }));
  const whole = admittedJob({ TaskGroups });
  const text = jobText(whole);
  expect(text.pieces.length).toBeGreaterThan(1);
  expect(JSON.stringify(jobOfText(text))).toBe(JSON.stringify(whole));
});

test("so is one of few groups with many tasks, in short pieces too, whatever the bytes are", async () => {
  const [first] = admittedJob().TaskGroups;
  const tasks = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ...first!.Tasks[0]!,
      Name: `t${at}`,
      Meta: { word: "größe \u{1F600}" },
    }));
  const TaskGroups = [500, 0, 1, 400].map((count, at) => ({
    ...first!,
    Name: `g${at}`,
    Meta: count === 0 ? { long: "x".repeat(200_000) } : null,
    Tasks: tasks(count),
  }));
  const whole = admittedJob({ TaskGroups });
  const breather = breatherOf(createSystemClock());
  const text = await jobTextInSteps(whole, breather);
  expect(text).toEqual(jobText(whole));
  expect(JSON.stringify(jobOfText(text))).toBe(JSON.stringify(whole));
  expect(await jobOfTextInSteps(text, breather)).toEqual(whole);
  const longest = Math.max(...text.pieces.map((piece) => piece.length));
  expect(longest).toBeLessThan(300_000);
  expect(text.pieces.every(({ buffer }) => buffer instanceof SharedArrayBuffer)).toBe(true);
});

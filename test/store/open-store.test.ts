import { afterEach, beforeEach, expect, test } from "vitest";
import { newEvaluation } from "../../src/model/build.ts";
import { evaluationId, jobId } from "../../src/model/ids.ts";
import { systemRandom } from "../../src/lib/system/random.ts";
import type { Job } from "../../src/model/job.ts";
import type { ChangeBatch } from "../../src/store/changes.ts";
import type { CommandBodies } from "../../src/store/commands.ts";
import { buildJob } from "../support/jobs.ts";
import { openTestStore, temporaryFolder } from "../support/store.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

const key = { namespace: "default", id: jobId("web") };

function registration(job: Job): CommandBodies["job.register"] {
  const evaluation = newEvaluation({
    id: evaluationId(systemRandom.uuid()),
    job,
    trigger: "job-register",
    nowNs: 1,
  });
  return { job, submission: null, enforceIndex: null, evaluation, preserveCounts: false };
}

test("a written job is read back, wakes its watchers and outlives the process", async () => {
  const store = await openTestStore(folder.path);
  const batches: ChangeBatch[] = [];
  store.changes.subscribe((batch) => batches.push(batch));
  const written = await store.write("job.register", registration(buildJob()));
  expect(written.outcome).toEqual({
    version: 0,
    jobModifyIndex: written.index,
    changed: true,
  });
  expect(store.read.job(key)).toMatchObject({ Status: "pending", CreateIndex: written.index });
  expect(batches.map((batch) => batch.index)).toEqual([written.index]);
  expect(batches[0]?.changes).toContainEqual({ table: "jobs", key: "default/web" });
  const before = store.read.job(key);
  await store.close();

  const again = await openTestStore(folder.path);
  expect(again.read.job(key)).toEqual(before);
  expect(again.read.tableIndex("jobs")).toBe(written.index);
  expect(again.leadership.isLeader()).toBe(true);
  expect(again.raftStatus()).toMatchObject({ state: "leader", numPeers: 0, term: 2 });
  await again.close();
});

test("what exists before anything is written", async () => {
  const store = await openTestStore(folder.path);
  expect(store.read.namespaces({}).map((namespace) => namespace.Description)).toEqual([
    "Default shared namespace",
  ]);
  expect(store.read.nodePools({}).map((pool) => pool.Name)).toEqual(["all", "default"]);
  expect(store.read.schedulerConfig().SchedulerAlgorithm).toBe("binpack");
  expect(store.read.tableIndex()).toBeGreaterThan(0);
  expect(store.read.tableIndex("jobs")).toBe(1);
  await store.close();
});

test("writes after the end are refused", async () => {
  const store = await openTestStore(folder.path);
  await store.close();
  await expect(store.write("job.register", registration(buildJob()))).rejects.toMatchObject({
    code: "cancelled",
  });
});

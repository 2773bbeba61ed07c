import { appendFileSync, readdirSync, rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newEvaluation } from "../../src/model/build.ts";
import { evaluationId, jobId } from "../../src/model/ids.ts";
import { systemRandom } from "../../src/lib/system/random.ts";
import type { Job } from "../../src/model/job.ts";
import type { ChangeBatch } from "../../src/store/changes.ts";
import type { CommandBodies } from "../../src/store/commands.ts";
import { openTestStore, temporaryFolder } from "../support/store.ts";
import { buildJob } from "../support/build-job.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

const key = { namespace: "default", id: jobId("shop") };

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
  expect(batches[0]?.changes).toContainEqual({ table: "jobs", key: "default/shop" });
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

describe("when state and log do not fit", () => {
  const tuning = { snapshotEvery: 10, keepBehindSnapshot: 4 };
  const writeMany = async (): Promise<void> => {
    const store = await openTestStore(folder.path, { tuning });
    for (let n = 0; n < 30; n++)
      await store.write("job.register", registration(buildJob({ ID: jobId(`job-${n}`) })));
    await store.close();
  };
  const remove = (...names: string[]): void => {
    for (const name of names) rmSync(`${folder.path}/${name}`, { recursive: true, force: true });
  };

  test("a lost state is made anew from the newest snapshot and the log behind it", async () => {
    await writeMany();
    remove("state.db", "state.db-wal", "state.db-shm");
    const store = await openTestStore(folder.path);
    expect(store.read.jobs({})).toHaveLength(30);
    expect(store.raftStatus()).toMatchObject({ state: "leader" });
    await store.close();
  });

  test("a lost state without a whole snapshot is an error, not an empty cluster", async () => {
    await writeMany();
    remove("state.db", "state.db-wal", "state.db-shm");
    for (const name of readdirSync(`${folder.path}/raft/snapshots`))
      if (name.endsWith(".db")) appendFileSync(`${folder.path}/raft/snapshots/${name}`, "x");
    await expect(openTestStore(folder.path)).rejects.toThrow("state and log do not fit");
    await expect(openTestStore(folder.path)).rejects.toMatchObject({ code: "storage" });
  });

  test("a lost log is an error", async () => {
    await writeMany();
    remove("raft/raft.db", "raft/raft.db-wal");
    await expect(openTestStore(folder.path)).rejects.toThrow("is missing, though it once reached");
    remove("log-mark");
    await expect(openTestStore(folder.path)).rejects.toThrow("but the log ends at 0");
  });
});

import { rmSync } from "node:fs";
import { assert, integer, property } from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { openState } from "../../src/store/state-machine.ts";
import type { StateReader } from "../../src/store/reader.ts";
import { createStateReader } from "../../src/store/state-reader.ts";
import { applyRandomCommand } from "../support/random-commands.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { createTestState } from "../support/state.ts";
import { temporaryFolder } from "../support/store.ts";
import { buildRegistration } from "../support/build-commands.ts";
import { buildJob } from "../support/build-job.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("the same log gives the same state, whatever the clock and however it is cut into batches", () => {
  assert(
    property(integer({ min: 1, max: 1e9 }), (seed) => {
      const first = createTestState();
      const random = seededRandom(seed);
      for (let n = 1; n <= 80; n++) applyRandomCommand(first, random, n);
      vi.useFakeTimers({ now: seed * 1000 });
      const second = createTestState();
      const rest = [...first.entries];
      while (rest.length > 0)
        second.applyEntries(rest.splice(0, 1 + Math.floor(random.fraction() * 9)));
      vi.useRealTimers();
      expect(second.digest()).toBe(first.digest());
      expect(second.batches).toEqual(first.batches);
    }),
    { numRuns: 25 },
  );
});

test("what is read from the files after a restart is what was in memory before", () => {
  const folder = temporaryFolder();
  const path = `${folder.path}/state.db`;
  assert(
    property(integer({ min: 1, max: 1e9 }), (seed) => {
      const source = createTestState();
      const random = seededRandom(seed);
      for (let n = 1; n <= 60; n++) applyRandomCommand(source, random, n);
      for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
      const before = openState(path, () => undefined);
      before.machine.apply([{ index: 1, term: 1, data: new Uint8Array(0) }, ...source.entries]);
      before.close();
      const after = openState(path, () => undefined);
      const read = createStateReader(after.tables);
      expect(everything(read)).toEqual(everything(source.read));
      expect(after.machine.appliedIndex).toBe(source.index());
      after.close();
    }),
    { numRuns: 8 },
  );
  folder.remove();
});

function everything(read: StateReader): unknown {
  const jobs = read.jobs({});
  const keys = jobs.map((job) => ({ namespace: job.Namespace, id: job.ID }));
  return {
    jobs,
    versions: keys.map((key) => read.jobVersions(key)),
    summaries: keys.map((key) => read.jobSummary(key)),
    evaluations: read.evaluations({}),
    allocations: read.allocations({}),
    jobsOfAllocations: read.allocations({}).map((allocation) => read.jobOfAllocation(allocation)),
    deployments: read.deployments({}),
    nodes: read.nodes({}),
    indexes: [read.tableIndex(), read.tableIndex("jobs"), read.tableIndex("allocations")],
  };
}

test("a different log gives a different digest", () => {
  const [first, second] = [createTestState(), createTestState()];
  first.apply("job.register", buildRegistration(buildJob()));
  second.apply("job.register", buildRegistration(buildJob({ Priority: 51 })));
  expect(first.digest()).not.toBe(second.digest());
});

test("an entry that throws takes the whole batch back", () => {
  const folder = temporaryFolder();
  const path = `${folder.path}/state.db`;
  const source = createTestState();
  source.apply("job.register", buildRegistration(buildJob()));
  const state = openState(path, () => {
    throw new Error("nothing may be published");
  });
  const entries = source.entries.map((entry) => ({ ...entry, index: entry.index - 1 }));
  const broken = { index: 2, term: 1, data: Buffer.from('{"type":"no.such","body":{}}') };
  expect(() => state.machine.apply([...entries, broken])).toThrow("no.such");
  state.close();
  const again = openState(path, () => undefined);
  expect(again.machine.appliedIndex).toBe(0);
  expect(again.tables.jobs.get("default", "shop")).toBeUndefined();
  again.close();
  folder.remove();
});

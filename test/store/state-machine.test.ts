import { assert, integer, property } from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { openState } from "../../src/store/state-machine.ts";
import { buildRegistration } from "../support/cluster.ts";
import { buildJob } from "../support/jobs.ts";
import { applyRandomCommand } from "../support/random-commands.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { createTestState } from "../support/state.ts";
import { temporaryFolder } from "../support/store.ts";

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
  expect(again.tables.jobs.get("default", "web")).toBeUndefined();
  again.close();
  folder.remove();
});

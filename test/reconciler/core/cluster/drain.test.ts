import { formatInstant } from "../../../../src/lib/instant.ts";
import { expect, test } from "vitest";
import type { Allocation } from "../../../../src/model/allocation.ts";
import { allocationId } from "../../../../src/model/ids.ts";
import type { Job } from "../../../../src/model/job.ts";
import type { DrainStrategy } from "../../../../src/model/node.ts";
import { decideDrain } from "../../../../src/reconciler/core/cluster/drain.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildJob } from "../../../support/build-job.ts";

const now = 1_700_000_000_000_000_000;
const web = (index: number, over: Partial<Allocation> = {}): Allocation =>
  buildAllocation({ ID: allocationId(`a-${index}`), Name: `shop.web[${index}]`, ...over });
const decide = (
  here: readonly Allocation[],
  over: {
    job?: Job;
    strategy?: Partial<DrainStrategy>;
    elsewhere?: readonly Allocation[];
    nowNs?: number;
  } = {},
) =>
  decideDrain({
    strategy: {
      Deadline: 60e9,
      IgnoreSystemJobs: false,
      ForceDeadline: formatInstant(now + 60e9),
      StartedAt: null,
      ...over.strategy,
    },
    allocations: here,
    jobOf: () => over.job ?? buildJob({ TaskGroups: [buildGroup({ Count: 3 })] }),
    siblings: () => [...here, ...(over.elsewhere ?? [])],
    nowNs: over.nowNs ?? now,
  });
const migrating = { DesiredTransition: { ...buildAllocation().DesiredTransition, Migrate: true } };

test("as many go as the group can spare", () => {
  expect(decide([web(0), web(1), web(2)])).toMatchObject({
    migrate: ["a-0"],
    isComplete: false,
    wakeAtNs: now + 60e9,
  });
  expect(decide([web(0, migrating), web(1), web(2)]).migrate).toEqual([]);
  expect(decide([web(1), web(2)], { elsewhere: [web(0)] }).migrate).toEqual(["a-1"]);
});

test("one that serves nobody goes at once", () => {
  const starting = web(1, { ClientStatus: "pending" });
  expect(decide([web(0), starting, web(2)]).migrate).toEqual(["a-1"]);
});

test("the deadline forces the rest, zero never does and a negative one at once", () => {
  const all = [web(0), web(1), web(2)];
  expect(decide(all, { nowNs: now + 60e9 })).toMatchObject({
    migrate: ["a-0", "a-1", "a-2"],
    isForced: true,
  });
  expect(decide(all, { strategy: { Deadline: -1, ForceDeadline: null } }).migrate).toHaveLength(3);
  const never = { strategy: { Deadline: 0, ForceDeadline: null }, nowNs: now + 1e15 };
  expect(decide(all, never)).toMatchObject({ migrate: ["a-0"], wakeAtNs: undefined });
});

test("batch work may finish until the deadline", () => {
  const job = buildJob({ Type: "batch" });
  expect(decide([web(0)], { job }).migrate).toEqual([]);
  expect(decide([web(0)], { job, nowNs: now + 60e9 }).migrate).toEqual(["a-0"]);
});

test("system jobs go last, or stay when the drain ignores them", () => {
  const job = buildJob({ Type: "system" });
  expect(decide([web(0)], { job })).toMatchObject({ migrate: ["a-0"], isComplete: false });
  expect(decide([web(0)], { job, strategy: { IgnoreSystemJobs: true } })).toMatchObject({
    migrate: [],
    isComplete: true,
  });
});

test("the drain is over when the clients say that all has ended", () => {
  expect(decide([web(0, { DesiredStatus: "stop" })]).isComplete).toBe(false);
  expect(decide([web(0, { DesiredStatus: "stop", ClientStatus: "complete" })]).isComplete).toBe(
    true,
  );
});

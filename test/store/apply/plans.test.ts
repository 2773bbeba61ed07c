import { expect, test } from "vitest";
import { jobId } from "../../../src/model/ids.ts";
import { numberedAllocation } from "../../support/build-allocation.ts";
import { buildPlan, buildRegistration } from "../../support/build-commands.ts";
import { buildJob } from "../../support/build-job.ts";
import { createTestState } from "../../support/state.ts";

const key = { namespace: "default", id: jobId("shop") };

test("what was planned for a job that was purged meanwhile is not placed", () => {
  const state = createTestState();
  state.apply("job.register", buildRegistration(buildJob()));
  const job = state.read.job(key) ?? buildJob();
  const late = buildPlan({ place: [numberedAllocation(1, job)] });
  state.apply("job.deregister", {
    key,
    purge: true,
    submitTime: 1,
    evaluation: null,
    noShutdownDelay: false,
  });
  state.apply("plan.apply", late);
  expect(state.read.allocations({})).toEqual([]);
});

test("one that its node has kept is wanted again, unless it has ended meanwhile", () => {
  const state = createTestState();
  state.apply("job.register", buildRegistration(buildJob()));
  const job = state.read.job(key) ?? buildJob();
  const [old, other, next] = [1, 2, 3].map((n) =>
    numberedAllocation(n, job, { ClientStatus: "running" }),
  );
  if (!old || !other || !next) throw new Error("three were made");
  const stopped = { DesiredStatus: "stop", NextAllocation: next.ID } as const;
  const ended = { ...other, ...stopped, ClientStatus: "complete" } as const;
  state.apply("plan.apply", buildPlan({ place: [{ ...old, ...stopped }, ended, next] }));
  const revive = [old, other].map(({ ID }) => ({ allocationId: ID, successorId: next.ID }));
  state.apply("plan.apply", buildPlan({ revive }));
  expect(state.read.allocation(old.ID)).toMatchObject({
    DesiredStatus: "run",
    NextAllocation: null,
  });
  expect(state.read.allocation(other.ID)?.DesiredStatus).toBe("stop");
  expect(state.read.allocation(next.ID)?.NextAllocation).toBe(old.ID);
});

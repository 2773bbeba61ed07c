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

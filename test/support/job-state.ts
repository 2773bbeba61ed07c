import { evaluationId } from "../../src/model/ids.ts";
import type { Allocation } from "../../src/model/allocation.ts";
import type { Job } from "../../src/model/job.ts";
import type { Node } from "../../src/model/node.ts";
import type { JobState } from "../../src/reconciler/core/cluster/types.ts";
import { buildNode } from "./build-node.ts";

/** The state of one job for the pure reconciler; older versions are found by their number. */
export function jobState(
  job: Job | undefined,
  allocations: readonly Allocation[],
  over: Partial<JobState> & {
    readonly versions?: readonly Job[];
    readonly nodes?: readonly Node[];
  } = {},
): JobState {
  const { versions = [], nodes = [buildNode("node-1"), buildNode("node-2")], ...rest } = over;
  return {
    job,
    evaluation: { ID: evaluationId("e-now"), Type: "service", TriggeredBy: "job-register" },
    allocations,
    jobOfAllocation: (a) =>
      [...(job ? [job] : []), ...versions].find((j) => j.Version === a.JobVersion),
    node: (id) => nodes.find((node) => node.ID === id),
    canStay: () => true,
    deployment: undefined,
    nowNs: 1_700_000_000_000_000_000,
    ...rest,
  };
}

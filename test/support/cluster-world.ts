import { newEvaluation } from "../../src/model/build.ts";
import type { Allocation } from "../../src/model/allocation.ts";
import type { Evaluation } from "../../src/model/evaluation.ts";
import { evaluationId } from "../../src/model/ids.ts";
import type { Job } from "../../src/model/job.ts";
import type { Node } from "../../src/model/node.ts";
import { evaluateJob } from "../../src/reconciler/core/scheduler/evaluate.ts";
import type { EvaluationInput } from "../../src/reconciler/core/scheduler/evaluation-types.ts";
import type { EvaluationOutput } from "../../src/reconciler/core/scheduler/evaluate.ts";
import { UsageIndex } from "../../src/reconciler/core/scheduler/usage-index.ts";
import { jobState } from "./job-state.ts";
import { seededRandom } from "./seeded-random.ts";
import { buildJob } from "./build-job.ts";
import { buildSchedulerConfig } from "./build-scheduler-config.ts";

/** One pure evaluation against made-up nodes and allocations. */
export function evaluateOnce(
  job: Job | undefined,
  world: {
    readonly nodes: readonly Node[];
    readonly allocations?: readonly Allocation[];
    readonly others?: readonly Allocation[];
    readonly versions?: readonly Job[];
    readonly evaluation?: Partial<Evaluation>;
    readonly blocked?: readonly Evaluation[];
    readonly state?: Partial<EvaluationInput["state"]>;
    readonly seed?: number;
  },
): EvaluationOutput {
  const { nodes, allocations = [], others = [], versions = [] } = world;
  const index = new UsageIndex();
  for (const allocation of [...allocations, ...others]) index.update(allocation.ID, allocation);
  const random = seededRandom(world.seed ?? 1);
  const state = jobState(job, allocations, { versions, nodes });
  const evaluation = newEvaluation({
    id: evaluationId("e-now"),
    job: job ?? buildJob(),
    trigger: "job-register",
    nowNs: state.nowNs,
    overrides: world.evaluation ?? {},
  });
  return evaluateJob({
    state: { ...state, ...world.state, evaluation },
    cluster: {
      nodes,
      node: (id) => nodes.find((node) => node.ID === id),
      config: buildSchedulerConfig(),
      search: () => undefined,
      fraction: () => random.fraction(),
    },
    usage: (id) => index.usage(id),
    blocked: world.blocked ?? [],
    snapshotIndex: 100,
    uuid: () => random.uuid(),
  });
}

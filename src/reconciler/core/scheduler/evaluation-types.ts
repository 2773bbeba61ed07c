import type { Evaluation } from "../../../model/evaluation.ts";
import type { JobState } from "../cluster/types.ts";
import type { UsageOf } from "./draft.ts";
import type { Cluster } from "./place.ts";

/** All that an evaluation may look at. */
export interface EvaluationInput {
  readonly state: Omit<JobState, "evaluation" | "canStay"> & { readonly evaluation: Evaluation };
  readonly cluster: Cluster;
  readonly usage: UsageOf;
  /** Other evaluations of the job that wait for room. */
  readonly blocked: readonly Evaluation[];
  readonly snapshotIndex: number;
  readonly uuid: () => string;
}

import type { EvaluationId, JobId } from "./ids.ts";
import type { JsonMap, Nanoseconds } from "./job.ts";

/** One request to scale a group, or a message about one. */
export interface ScalingEvent {
  readonly Time: Nanoseconds;
  /** null: the count was not changed. */
  readonly Count: number | null;
  readonly PreviousCount: number;
  readonly Message: string;
  readonly Error: boolean;
  readonly Meta: JsonMap | null;
  readonly EvalID: EvaluationId | null;
  readonly CreateIndex: number;
}
/** How the groups of a job were scaled, the newest first. */
export interface JobScalingEvents {
  readonly Namespace: string;
  readonly JobID: JobId;
  readonly ScalingEvents: { readonly [group: string]: readonly ScalingEvent[] };
  readonly ModifyIndex: number;
}

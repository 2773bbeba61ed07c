/** Branded ids: two ids of different meaning never mix by accident. The only place that casts. */
declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

export type JobId = Brand<string, "JobId">;
export type NodeId = Brand<string, "NodeId">;
export type AllocationId = Brand<string, "AllocationId">;
export type EvaluationId = Brand<string, "EvaluationId">;
export type DeploymentId = Brand<string, "DeploymentId">;

export const jobId = (text: string): JobId => text as JobId;
export const nodeId = (text: string): NodeId => text as NodeId;
export const allocationId = (text: string): AllocationId => text as AllocationId;
export const evaluationId = (text: string): EvaluationId => text as EvaluationId;
export const deploymentId = (text: string): DeploymentId => text as DeploymentId;

/** Jobs are unique by namespace and id together. */
export interface JobKey {
  readonly namespace: string;
  readonly id: JobId;
}
/** How a job is named in one text, as in the change feed. */
export const jobKeyText = (key: JobKey): string => `${key.namespace}/${key.id}`;

import type { AllocationRecord } from "./types.ts";

export interface FoundTask {
  readonly allocationId: string;
  readonly task: string;
  readonly handle: string;
}

/**
 * Whose a task with our labels is. ours: the record names it, or may be about to. leftover: its allocation is here,
 * but another attempt has taken its place. orphan: this node knows no such allocation.
 */
export function classifyFound(
  found: FoundTask,
  allocation: { readonly record: AllocationRecord | undefined } | undefined,
): "ours" | "leftover" | "orphan" {
  if (!allocation) return "orphan";
  const { record } = allocation;
  if (!record) return "ours";
  const task = record.tasks[found.task];
  if (!task) return "leftover";
  if (task.handle === found.handle) return "ours";
  // Without a handle an attempt may just be starting, or being stopped by its labels.
  const isSettled = task.handle !== undefined || task.phase === "dead";
  return isSettled ? "leftover" : "ours";
}

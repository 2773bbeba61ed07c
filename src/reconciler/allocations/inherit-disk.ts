import type { TaskOwner } from "../../drivers/port.ts";
import { allocationId } from "../../model/ids.ts";
import type { AllocationId } from "../../model/ids.ts";
import type { Task } from "../../model/job.ts";
import type { StickyDisks } from "../../node/sticky-disk.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import type { Outcome } from "../core/node/types.ts";
import type { AllocationSource, DesiredAllocation } from "../ports.ts";

export interface InheritContext {
  readonly desired: DesiredAllocation;
  readonly task: Task;
  readonly owner: TaskOwner;
  readonly source: Pick<AllocationSource, "allocation">;
  readonly disks: StickyDisks;
  /** Whom an allocation was to follow that has never started here; null for any other. */
  readonly previousOf: (id: AllocationId) => AllocationId | null;
  readonly tell: (outcome: Outcome) => void;
}

/**
 * Gives the allocation the disk of the one that it follows, when its group asks for that. Answers why it cannot start.
 * Where nothing is left of the former one, the disk is a new one, and the task's events say so.
 */
export async function inheritDisk(context: InheritContext): Promise<Outcome | undefined> {
  const { desired, task, owner, disks } = context;
  const { ID, PreviousAllocation: previous } = desired.allocation;
  const { EphemeralDisk: disk, Tasks } = groupOf(desired);
  if (!disk?.Sticky || previous === null) return undefined;
  // One that ended before it could start has left the disk where it was.
  for (let from: AllocationId | null = previous; from !== null; from = context.previousOf(from))
    if ((await disks.inherit(from, ID, Tasks)) !== "absent") return undefined;
  const former = disk.Migrate ? await context.source.allocation(allocationId(previous)) : undefined;
  if (former && former.allocation.NodeID !== owner.nodeId)
    return {
      kind: "start-failed",
      task: task.Name,
      stage: "setup",
      error: `the disk of allocation ${previous} is on another node, and moving disks between nodes is not supported by this node yet`,
      isRecoverable: false,
    };
  const message = `nothing is left of the disk of allocation ${previous}: this one starts empty`;
  context.tell({ kind: "noted", task: task.Name, note: { kind: "hook", message } });
  await disks.settle(ID);
  return undefined;
}

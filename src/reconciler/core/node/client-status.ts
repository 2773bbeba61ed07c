import type { ClientStatus } from "../../../model/allocation.ts";
import type { AllocationRecord } from "./types.ts";

export interface StatusText {
  readonly clientStatus: ClientStatus;
  readonly clientDescription: string;
}

/** The allocation's status as the sum of its tasks' states. */
export function clientStatusOf(record: AllocationRecord): StatusText {
  const states = Object.values(record.tasks).map((task) => task.state);
  const isAllDead = states.every((state) => state.State === "dead");
  if (record.isOverMaxRunDuration && isAllDead)
    return {
      clientStatus: "complete",
      clientDescription: "allocation exceeded max_run_duration",
    };
  if (states.some((state) => state.Failed))
    return { clientStatus: "failed", clientDescription: "Failed tasks" };
  if (states.some((state) => state.State === "running"))
    return { clientStatus: "running", clientDescription: "Tasks are running" };
  if (!isAllDead) return { clientStatus: "pending", clientDescription: "No tasks have started" };
  return { clientStatus: "complete", clientDescription: "All tasks have completed" };
}

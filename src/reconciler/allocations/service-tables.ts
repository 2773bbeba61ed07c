import type { TaskDriver } from "../../drivers/port.ts";
import type { StringMap } from "../../model/job.ts";
import type { Node } from "../../model/node.ts";
import type { AllocationDirectories } from "../../node/alloc-directory.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import { nodeVariables, taskEnvironment } from "../core/node/task-environment.ts";
import type { DesiredAllocation } from "../ports.ts";
import { directoriesSeenBy } from "./task-spec.ts";

export interface ServiceContext {
  readonly node: Node;
  readonly region: string;
  readonly directories: AllocationDirectories;
  readonly drivers: ReadonlyMap<string, TaskDriver>;
}

/** What `${..}` means in the services and checks of a task, or of its group. */
export function serviceTables(
  { allocation, job }: DesiredAllocation,
  context: ServiceContext,
): (task: string | undefined) => readonly StringMap[] {
  const { node, region } = context;
  const group = groupOf({ allocation, job });
  return (name) => {
    const task = group.Tasks.find((each) => each.Name === name) ?? group.Tasks[0];
    if (!task) return [nodeVariables(node, region)];
    const paths = context.directories.task(allocation.ID, task.Name);
    const driver = context.drivers.get(task.Driver);
    const directories = driver ? directoriesSeenBy(driver, paths) : paths;
    const common = { allocation, job, group, task, node, region, directories };
    return [taskEnvironment({ ...common, hostEnv: {} }), nodeVariables(node, region)];
  };
}

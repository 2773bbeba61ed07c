import { createHash } from "node:crypto";
import type { TaskDriver } from "../../drivers/port.ts";
import type { StringMap } from "../../model/job.ts";
import type { Node } from "../../model/node.ts";
import type { AllocationDirectories } from "../../node/alloc-directory.ts";
import { planChecks } from "../core/node/checks.ts";
import type { CheckPlan } from "../../model/check.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import { nodeVariables, taskEnvironment } from "../core/node/task-environment.ts";
import type { DesiredAllocation } from "../ports.ts";
import { directoriesSeenBy } from "./task-spec.ts";

/** The checks an allocation asks this node to run. */
export function checksOf(
  desired: DesiredAllocation,
  context: {
    readonly node: Node;
    readonly region: string;
    readonly directories: AllocationDirectories;
    readonly drivers: ReadonlyMap<string, TaskDriver>;
  },
): readonly CheckPlan[] {
  const { allocation, job } = desired;
  const { node, region } = context;
  const group = groupOf(desired);
  const tables = (name: string | undefined): readonly StringMap[] => {
    const task = group.Tasks.find((each) => each.Name === name) ?? group.Tasks[0];
    if (!task) return [nodeVariables(node, region)];
    const paths = context.directories.task(allocation.ID, task.Name);
    const driver = context.drivers.get(task.Driver);
    const directories = driver ? directoriesSeenBy(driver, paths) : paths;
    const common = { allocation, job, group, task, node, region, directories };
    return [taskEnvironment({ ...common, hostEnv: {} }), nodeVariables(node, region)];
  };
  return planChecks({ allocation, group, tables, hash: hashParts });
}

function hashParts(parts: readonly (string | bigint)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    if (typeof part === "string") {
      hash.update(part);
      continue;
    }
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(part);
    hash.update(bytes);
  }
  return hash.digest("hex");
}

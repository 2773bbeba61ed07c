import { createHash } from "node:crypto";
import type { HostMount, TaskDriver, TaskOwner, TaskSpec } from "../../drivers/port.ts";
import { AppError } from "../../lib/errors.ts";
import type { StringMap, Task } from "../../model/job.ts";
import type { Node } from "../../model/node.ts";
import type { TaskPaths } from "../../node/alloc-directory.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import { deviceVariables } from "../core/node/device-variables.ts";
import { dnsOf } from "../core/node/group-network.ts";
import { interpolateConfig } from "../core/node/interpolate.ts";
import { nodeVariables, taskEnvironment } from "../core/node/task-environment.ts";
import { taskPorts } from "../core/node/task-ports.ts";
import { unsupportedFeature } from "../core/node/unsupported.ts";
import type { DesiredAllocation } from "../ports.ts";

export interface SpecInput {
  readonly desired: DesiredAllocation;
  readonly task: Task;
  readonly driver: TaskDriver;
  readonly owner: TaskOwner;
  readonly node: Node;
  readonly region: string;
  readonly paths: TaskPaths;
  readonly hostEnv: StringMap;
  readonly attempt: number;
  /** The handle of the group's own network, once it is there. */
  readonly network: string | undefined;
  /** What was brought into its folders before the start. */
  readonly prepared: { readonly mounts: readonly HostMount[]; readonly env: StringMap };
}
export type SpecResult =
  | { readonly ok: true; readonly spec: TaskSpec }
  | { readonly ok: false; readonly error: string };

/** What the driver gets for one attempt, with every word interpolated, and the hash of all that shapes the task. */
export function buildTaskSpec(input: SpecInput): SpecResult {
  const { desired, task, driver, node, region, paths } = input;
  const { allocation, job } = desired;
  const group = groupOf(desired);
  const unsupported = unsupportedFeature(task, group);
  if (unsupported !== undefined) return { ok: false, error: unsupported };
  const env = { ...environmentOf(input), ...input.prepared.env };
  const config = interpolateConfig(task.Config, [env, nodeVariables(node, region)]);
  if (!config.ok) return config;
  const faults = driver.validate(config.config).filter((fault) => fault.severity === "error");
  if (faults.length > 0)
    return { ok: false, error: faults.map((f) => `${f.summary}: ${f.detail}`).join("; ") };
  const resources = allocation.AllocatedResources.Tasks[task.Name];
  if (!resources) throw new AppError("invalid", `no resources for task ${task.Name}`);
  const shaping = {
    config: config.config,
    env,
    user: task.User,
    resources: {
      cpuShares: resources.Cpu.CpuShares,
      memoryMb: resources.Memory.MemoryMB,
      memoryMaxMb: resources.Memory.MemoryMaxMB,
      // Left out where there are none: tasks that run already keep their hash.
      ...(resources.Cpu.ReservedCores?.length ? { cores: resources.Cpu.ReservedCores } : {}),
    },
    ports: [
      ...(allocation.AllocatedResources.Shared.Ports ?? []),
      ...taskPorts(allocation, task.Name),
    ],
  };
  return {
    ok: true,
    spec: {
      ...shaping,
      key: { allocationId: allocation.ID, task: task.Name },
      owner: input.owner,
      jobId: job.ID,
      namespace: allocation.Namespace,
      group: group.Name,
      specHash: hashOf({ driver: driver.name, ...shaping }),
      attempt: input.attempt,
      deviceEnv: deviceVariables(resources.Devices),
      network: input.network,
      mounts: input.prepared.mounts,
      // The tasks of a network of their own read the name servers of that one.
      dns: input.network === undefined ? dnsOf(group) : undefined,
      directories: paths,
      logConfig: task.LogConfig,
    },
  };
}

/** All variables of a task, but those of its templates; directories as the task sees them, or as they are given. */
export function environmentOf(
  input: Omit<SpecInput, "prepared">,
  directories?: TaskPaths,
): StringMap {
  const { desired, task, driver, node, region, paths, hostEnv } = input;
  return taskEnvironment({
    allocation: desired.allocation,
    job: desired.job,
    group: groupOf(desired),
    task,
    node,
    region,
    directories: directories ?? directoriesSeenBy(driver, paths),
    hostEnv: driver.isolation === "image" ? {} : hostEnv,
  });
}

/** Container paths for a driver with a file system of its own, else the host's. */
export const directoriesSeenBy = (
  driver: TaskDriver,
  paths: TaskPaths,
): { readonly shared: string; readonly local: string; readonly secrets: string } =>
  driver.isolation === "none" ? paths : containerPaths;

const containerPaths = { shared: "/alloc", local: "/local", secrets: "/secrets" };

/** Equal content gives an equal hash, whatever the order of its keys. */
export function hashOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex")
    .slice(0, 32);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

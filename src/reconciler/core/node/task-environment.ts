import { formatIdSet } from "../../../lib/id-set.ts";
import type { AllocatedPort, Allocation } from "../../../model/allocation.ts";
import type { Job, StringMap, Task, TaskGroup } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";
import { deviceVariables } from "./device-variables.ts";
import { interpolateMap } from "./interpolate.ts";
import { mappedPort, taskPorts } from "./task-ports.ts";

export interface EnvironmentInput {
  readonly allocation: Allocation;
  readonly job: Job;
  readonly group: TaskGroup;
  readonly task: Task;
  readonly node: Node;
  readonly region: string;
  /** As the task sees them: container paths or host paths. */
  readonly directories: {
    readonly shared: string;
    readonly local: string;
    readonly secrets: string;
  };
  /** The agent's own environment, already filtered; empty for drivers with images. */
  readonly hostEnv: StringMap;
}

/** All variables a task starts with. Later groups win over earlier ones; only its devices are above the `env` block. */
export function taskEnvironment(input: EnvironmentInput): StringMap {
  const builtIn = {
    ...directoryVariables(input),
    ...limitVariables(input),
    ...identityVariables(input),
    ...taskPortVariables(input),
    ...portVariables(input.allocation),
    ...metaVariables(input),
  };
  const inherited = { ...input.hostEnv, ...builtIn };
  const devices = input.allocation.AllocatedResources.Tasks[input.task.Name]?.Devices ?? null;
  const own = interpolateMap(input.task.Env, [nodeVariables(input.node, input.region), inherited]);
  return cleanNames({ ...inherited, ...own, ...deviceVariables(devices) });
}

interface NodeNames {
  readonly region: string;
  readonly names: StringMap;
}
const namesOfNodes = new WeakMap<Node, NodeNames>();

/** `node.*`, `attr.*` and `meta.*` for interpolation; some hundred names, so they are made once for each node. */
export function nodeVariables(node: Node, region: string): StringMap {
  const known = namesOfNodes.get(node);
  if (known?.region === region) return known.names;
  const names = namesOf(node, region);
  namesOfNodes.set(node, { region, names });
  return names;
}

function namesOf(node: Node, region: string): StringMap {
  const prefixed = (prefix: string, values: StringMap): StringMap =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [prefix + key, value]));
  const meta = node.Meta ?? {};
  return {
    ...prefixed("attr.", node.Attributes),
    ...prefixed("meta.", meta),
    ...prefixed("node.attr.", node.Attributes),
    ...prefixed("node.meta.", meta),
    "node.unique.id": node.ID,
    "node.unique.name": node.Name,
    "node.datacenter": node.Datacenter,
    "node.region": region,
    "node.class": node.NodeClass,
    "node.pool": node.NodePool,
  };
}

const directoryVariables = ({ directories }: EnvironmentInput): StringMap => ({
  NOMAD_ALLOC_DIR: directories.shared,
  NOMAD_TASK_DIR: directories.local,
  NOMAD_SECRETS_DIR: directories.secrets,
});

function limitVariables({ allocation, task }: EnvironmentInput): StringMap {
  const resources = allocation.AllocatedResources.Tasks[task.Name];
  if (!resources) return {};
  const { Cpu, Memory } = resources;
  return {
    ...(Memory.MemoryMB > 0 ? { NOMAD_MEMORY_LIMIT: String(Memory.MemoryMB) } : {}),
    ...(Memory.MemoryMaxMB === 0 ? {} : { NOMAD_MEMORY_MAX_LIMIT: String(Memory.MemoryMaxMB) }),
    ...(Cpu.CpuShares > 0 ? { NOMAD_CPU_LIMIT: String(Cpu.CpuShares) } : {}),
    NOMAD_CPU_CORES: formatIdSet(Cpu.ReservedCores ?? []) || " ",
  };
}

function identityVariables({ allocation, job, task, node, region }: EnvironmentInput): StringMap {
  return {
    NOMAD_ALLOC_ID: allocation.ID,
    NOMAD_SHORT_ALLOC_ID: allocation.ID.slice(0, 8),
    NOMAD_ALLOC_NAME: allocation.Name,
    NOMAD_ALLOC_INDEX: /\[(\d+)\]$/.exec(allocation.Name)?.[1] ?? "0",
    NOMAD_TASK_NAME: task.Name,
    NOMAD_GROUP_NAME: allocation.TaskGroup,
    NOMAD_JOB_ID: job.ID,
    NOMAD_JOB_NAME: job.Name,
    ...(job.ParentID === "" ? {} : { NOMAD_JOB_PARENT_ID: job.ParentID }),
    NOMAD_DC: node.Datacenter,
    NOMAD_REGION: region,
    NOMAD_NAMESPACE: allocation.Namespace,
    NOMAD_PARENT_CGROUP: node.CgroupParent,
  };
}

/** Of the older networks of tasks: the task's own by label, those of its siblings by task and label. */
function taskPortVariables({ allocation, task }: EnvironmentInput): StringMap {
  const variables: Record<string, string> = {};
  for (const name of Object.keys(allocation.AllocatedResources.Tasks).toSorted()) {
    for (const port of taskPorts(allocation, name)) {
      const { Label, Value, To, HostIP } = port;
      if (name !== task.Name) {
        variables[`NOMAD_IP_${name}_${Label}`] = HostIP;
        variables[`NOMAD_PORT_${name}_${Label}`] = String(Value);
        variables[`NOMAD_ADDR_${name}_${Label}`] = joined(HostIP, Value);
        continue;
      }
      variables[`NOMAD_IP_${Label}`] = HostIP;
      variables[HostIP.includes(":") ? `NOMAD_IPv6_${Label}` : `NOMAD_IPv4_${Label}`] = HostIP;
      variables[`NOMAD_HOST_PORT_${Label}`] = String(Value);
      variables[`NOMAD_ADDR_${Label}`] = joined(HostIP, Value);
      variables[`NOMAD_PORT_${Label}`] =
        mappedPort(task.Config, Label) ?? String(To > 0 ? To : Value);
    }
  }
  return variables;
}

function portVariables(allocation: Allocation): StringMap {
  const variables: Record<string, string> = {};
  for (const port of allocation.AllocatedResources.Shared.Ports ?? [])
    Object.assign(variables, variablesOf(port));
  const network = allocation.NetworkStatus;
  if (network === null || network.Address === "") return variables;
  for (const port of allocation.AllocatedResources.Shared.Ports ?? []) {
    variables[`NOMAD_ALLOC_IP_${port.Label}`] = network.Address;
    variables[`NOMAD_ALLOC_INTERFACE_${port.Label}`] = network.InterfaceName;
    variables[`NOMAD_ALLOC_ADDR_${port.Label}`] = joined(network.Address, port.To || port.Value);
  }
  return variables;
}

function variablesOf({ Label, Value, To, HostIP }: AllocatedPort): StringMap {
  const inside = String(To > 0 ? To : Value);
  return {
    [`NOMAD_PORT_${Label}`]: inside,
    [`NOMAD_ALLOC_PORT_${Label}`]: inside,
    [`NOMAD_HOST_PORT_${Label}`]: String(Value),
    [`NOMAD_IP_${Label}`]: HostIP,
    [`NOMAD_HOST_IP_${Label}`]: HostIP,
    [`NOMAD_ADDR_${Label}`]: joined(HostIP, Value),
    [`NOMAD_HOST_ADDR_${Label}`]: joined(HostIP, Value),
  };
}

const joined = (ip: string, port: number): string =>
  ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;

/** Task over group over job; each key as written and in upper case. Optional dispatch keys are there, if empty. */
function metaVariables({ job, group, task, node, region }: EnvironmentInput): StringMap {
  const optional = job.Dispatched ? (job.ParameterizedJob?.MetaOptional ?? []) : [];
  const preset = Object.fromEntries(optional.map((key) => [key, ""]));
  const written = { ...preset, ...job.Meta, ...group.Meta, ...task.Meta };
  const merged = interpolateMap(written, [nodeVariables(node, region)]);
  const variables: Record<string, string> = {};
  for (const [key, value] of Object.entries(merged)) {
    variables[`NOMAD_META_${key.toUpperCase()}`] = value;
    variables[`NOMAD_META_${key}`] = value;
  }
  return variables;
}

const cleanedPrefix = /^NOMAD_(?:ADDR|IP|PORT|HOST_PORT|META)_/;

/** Names of some groups become what a shell accepts; the others stay as they are. */
function cleanNames(variables: StringMap): StringMap {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      cleanedPrefix.test(name) ? name.replaceAll(/[^A-Za-z0-9_.]/g, "_") : name,
      value,
    ]),
  );
}

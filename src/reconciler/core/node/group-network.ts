import { assertNever } from "../../../lib/errors.ts";
import type { JsonMap, TaskGroup } from "../../../model/job.ts";
import * as events from "./task-events.ts";
import { bury, note } from "./task-steps.ts";
import { wholeGroup } from "./types.ts";
import type {
  AllocationRecord,
  BusyTask,
  DecisionInput,
  NetworkAction,
  NetworkOutcome,
  NetworkRecord,
  Outcome,
  TaskRecord,
} from "./types.ts";

/** A network namespace of the group's own, not the host's. */
export const hasOwnNetwork = (group: TaskGroup): boolean =>
  group.Networks?.some(({ Mode }) => Mode === "bridge") ?? false;

const lostNetwork = "the network of the group was lost";

/** The record after what was heard and seen of the group's network. */
export function afterNetwork(
  input: DecisionInput,
  group: TaskGroup,
  record: AllocationRecord,
): AllocationRecord {
  let current = record;
  for (const outcome of input.outcomes)
    if (isNetworkOutcome(outcome)) current = afterNetworkOutcome(current, outcome, input.nowNs);
  const seen = input.observed.get(wholeGroup);
  const known = current.network;
  if (known?.phase !== "ready" || !seen) return current;
  const isLost = seen.kind === "gone" || (seen.kind === "network" && seen.handle !== known.handle);
  return isLost && hasOwnNetwork(group) ? loseNetwork(current, input.nowNs) : current;
}

function isNetworkOutcome(outcome: Outcome): outcome is NetworkOutcome {
  return outcome.task === wholeGroup && outcome.kind !== "services-withdrawn";
}

function afterNetworkOutcome(
  record: AllocationRecord,
  outcome: NetworkOutcome,
  nowNs: number,
): AllocationRecord {
  switch (outcome.kind) {
    case "network-made": {
      const { handle, status } = outcome;
      // What was made while the last task died has to go again.
      const phase = record.network?.phase === "leaving" ? "leaving" : "ready";
      return { ...record, network: { phase, handle, status } };
    }
    case "network-removed": {
      const { network: _gone, ...rest } = record;
      return rest;
    }
    case "network-failed":
      return failTasks(record, outcome.error, nowNs);
    default:
      return assertNever(outcome);
  }
}

/** Without its network no task of the group can run; the servers may try another node. */
function failTasks(record: AllocationRecord, error: string, nowNs: number): AllocationRecord {
  const text = `failed to setup alloc: pre-run hook "network" failed: ${error}`;
  const tasks: Record<string, TaskRecord> = { ...record.tasks };
  for (const [name, task] of Object.entries(record.tasks)) {
    if (task.phase !== "pending" && task.phase !== "waiting") continue;
    const told = note(task, events.setupFailure(text), nowNs);
    tasks[name] = bury({ ...told, state: { ...told.state, Failed: true } }, nowNs);
  }
  return { ...record, tasks };
}

/** Tasks that still run hang in a namespace that nobody reaches: they begin anew in the next one. */
function loseNetwork(record: AllocationRecord, nowNs: number): AllocationRecord {
  const tasks: Record<string, TaskRecord> = { ...record.tasks };
  for (const [name, task] of Object.entries(record.tasks)) {
    if (task.phase !== "running" || task.isKilled) continue;
    const told = note(task, events.restartSignaled(lostNetwork), nowNs);
    const request = { reason: lostNetwork, countsAsFailure: false };
    tasks[name] = { ...told, phase: "stopping", restartAsked: request };
  }
  return { ...record, tasks, network: { phase: "wanted", handle: undefined, status: undefined } };
}

/** Where the network has to go from here: made before the first task, taken away after the last. */
export function moveNetwork(
  input: DecisionInput,
  group: TaskGroup,
  record: AllocationRecord,
): AllocationRecord {
  const { network } = record;
  const tasks = Object.values(record.tasks);
  const isAllGone = tasks.every((task) => task.phase === "dead" && task.handle === undefined);
  if (network) return isAllGone ? { ...record, network: { ...network, phase: "leaving" } } : record;
  const isWanted =
    hasOwnNetwork(group) &&
    input.isPredecessorGone &&
    tasks.some((task) => task.phase !== "dead" && !task.isKilled);
  const wanted: NetworkRecord = { phase: "wanted", handle: undefined, status: undefined };
  return isWanted && input.allocation.DesiredStatus === "run"
    ? { ...record, network: wanted }
    : record;
}

/** True when a task of the group has the network that it needs. */
export const isNetworkReady = (group: TaskGroup, record: AllocationRecord): boolean =>
  !hasOwnNetwork(group) || record.network?.phase === "ready";

export function networkActions(
  record: AllocationRecord,
  busy: BusyTask | undefined,
  nowNs: number,
): readonly NetworkAction[] {
  if (busy && (busy.untilNs === undefined || busy.untilNs > nowNs)) return [];
  const phase = record.network?.phase;
  switch (phase) {
    case "wanted":
      return [{ kind: "make-network", task: wholeGroup }];
    case "leaving":
      return [{ kind: "remove-network", task: wholeGroup }];
    case "ready":
    case undefined:
      return [];
    default:
      return assertNever(phase);
  }
}

interface NameServers {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

/** The name servers that the group's network block asks for. */
export function dnsOf(group: TaskGroup): NameServers | undefined {
  const dns = group.Networks?.find(({ DNS }) => DNS !== null)?.DNS;
  if (!dns) return undefined;
  return {
    servers: textsIn(dns, "Servers"),
    searches: textsIn(dns, "Searches"),
    options: textsIn(dns, "Options"),
  };
}

function textsIn(map: JsonMap, key: string): readonly string[] {
  const value = map[key];
  return Array.isArray(value) ? value.map(String) : [];
}

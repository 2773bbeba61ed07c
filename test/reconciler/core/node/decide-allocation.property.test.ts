import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decideAllocation } from "../../../../src/reconciler/core/node/decide-allocation.ts";
import { firstRecord } from "../../../../src/reconciler/core/node/records.ts";
import { noOwnNetwork } from "../../../../src/model/build.ts";
import { wholeGroup } from "../../../../src/reconciler/core/node/types.ts";
import type {
  AllocationRecord,
  BusyTask,
  Observation,
  Outcome,
  TaskAction,
} from "../../../../src/reconciler/core/node/types.ts";
import { buildNetwork } from "../../../support/build-job.ts";
import {
  buildDesired,
  scriptedGroup,
  scriptedJob,
  scriptedTask,
} from "../../../support/scripted-job.ts";

/** A small engine: what it runs is what the actions said, ended and forgotten as chance has it. */
interface World {
  readonly tasks: Map<string, { handle: string; state: "running" | "exited"; code: number }>;
  readonly pending: TaskAction[];
  record: AllocationRecord;
  nowNs: number;
  serial: number;
  readonly killed: Set<string>;
  network: string | undefined;
}
const hooks = [
  scriptedTask({ Name: "init", Lifecycle: { Hook: "prestart", Sidecar: false } }),
  scriptedTask({ Name: "proxy", Lifecycle: { Hook: "prestart", Sidecar: true } }),
  scriptedTask({ Name: "main", ShutdownDelay: 2e9 }),
  scriptedTask({ Name: "clean", Lifecycle: { Hook: "poststop", Sidecar: false } }),
];
const step = fc.record({
  event: fc.constantFrom(
    "finish",
    "fail-start",
    "crash-agent",
    "exit",
    "vanish",
    "lose-network",
    "silence",
    "time",
  ),
  pick: fc.nat(5),
  code: fc.constantFrom(0, 1),
  seconds: fc.integer({ min: 0, max: 20 }),
});

test("whatever happens: one action a task, no action on silence, dead stays dead, a stop ends", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.constantFrom("service", "batch"),
      fc.constantFrom("host", "bridge"),
      (steps, type, mode) => {
        const group = scriptedGroup({ Tasks: hooks, Networks: [buildNetwork({ Mode: mode })] });
        const job = scriptedJob({ Type: type, TaskGroups: [group] });
        const { allocation } = buildDesired(job);
        const nowNs = 1_700_000_000e9;
        const world: World = {
          tasks: new Map(),
          pending: [],
          record: firstRecord(allocation, group, [], nowNs),
          nowNs,
          serial: 0,
          killed: new Set(),
          network: undefined,
        };
        for (const { event, pick, code, seconds } of steps) {
          world.nowNs += seconds * 1e9;
          const outcomes: Outcome[] = [];
          const names = [...world.tasks.keys()];
          const chosen = names[pick % Math.max(1, names.length)];
          if (event === "crash-agent") world.pending.length = 0;
          if (event === "finish") outcomes.push(...finish(world, pick, code));
          if (event === "fail-start") outcomes.push(...failStart(world));
          const task = chosen === undefined ? undefined : world.tasks.get(chosen);
          if (event === "exit" && task) Object.assign(task, { state: "exited", code });
          if (event === "vanish" && chosen !== undefined) world.tasks.delete(chosen);
          if (event === "lose-network") world.network = undefined;
          turn(world, { job, allocation }, outcomes, event === "silence");
        }
        const stopped = { ...allocation, DesiredStatus: "stop" as const };
        for (let round = 0; round < 60; round++) {
          world.nowNs += 5e9;
          const outcomes = world.pending.length > 0 ? finish(world, 0, 0) : [];
          for (const task of world.tasks.values())
            if (round > 30) Object.assign(task, { state: "exited", code: 0 });
          const decision = turn(world, { job, allocation: stopped }, outcomes, false);
          if (decision.isOver) break;
        }
        expect(world.tasks.size).toBe(0);
        expect([world.network, world.record.network]).toEqual([undefined, undefined]);
        expect(Object.values(world.record.tasks).map((task) => task.phase)).toEqual(
          hooks.map(() => "dead"),
        );
      },
    ),
    { numRuns: 300 },
  );
});

function turn(
  world: World,
  desired: Pick<ReturnType<typeof buildDesired>, "job" | "allocation">,
  outcomes: readonly Outcome[],
  isSilent: boolean,
): ReturnType<typeof decideAllocation> {
  const observed = new Map<string, Observation>();
  for (const { name, handle, attempt } of Object.values(world.record.tasks)) {
    const task = world.tasks.get(name);
    if (handle === undefined) continue;
    if (isSilent) observed.set(name, { kind: "unknown", reason: "silence" });
    else if (!task || task.handle !== handle) observed.set(name, { kind: "gone" });
    else observed.set(name, seen(task, attempt));
  }
  const network = world.record.network;
  if (network?.phase === "ready" && !world.pending.some(({ task }) => task === wholeGroup))
    observed.set(wholeGroup, seenNetwork(world, isSilent));
  const busy = new Map<string, BusyTask>();
  for (const action of world.pending)
    if (action.kind !== "cancel-start")
      busy.set(action.task, { doing: action.kind, untilNs: undefined });
  const before = world.record;
  const decision = decideAllocation({
    ...desired,
    record: world.record,
    outcomes,
    observed,
    busy,
    isPredecessorGone: true,
    checks: { kind: "none" },
    nowNs: world.nowNs,
    fraction: () => 0.5,
  });
  for (const [name, task] of Object.entries(decision.record.tasks)) {
    if (before.tasks[name]?.phase === "dead") expect(task.phase, name).toBe("dead");
    if (before.tasks[name]?.isKilled) expect(task.isKilled, name).toBe(true);
    expect(task.state.Events.length).toBeLessThanOrEqual(10);
  }
  for (const action of decision.actions) {
    if (action.kind === "cancel-start") {
      const at = world.pending.findIndex((each) => each.task === action.task);
      world.pending.splice(at, 1);
      continue;
    }
    expect(busy.has(action.task), `${action.task} is busy`).toBe(false);
    world.pending.push(action);
  }
  world.record = decision.record;
  return decision;
}

function seenNetwork({ network }: World, isSilent: boolean): Observation {
  if (isSilent) return { kind: "unknown", reason: "silence" };
  return network === undefined
    ? { kind: "gone" }
    : { kind: "network", handle: network, status: noOwnNetwork };
}

function seen(
  task: { handle: string; state: "running" | "exited"; code: number },
  attempt: number,
): Observation {
  const exit = { code: task.code, signal: 0, oomKilled: false, message: "" };
  const { handle, state } = task;
  const common = { specHash: "x", startedAt: null, finishedAt: null, attempt };
  return { kind: "seen", handle, state, ...common, exit: state === "exited" ? exit : null };
}

function finish(world: World, pick: number, code: number): Outcome[] {
  const [action] = world.pending.splice(pick % Math.max(1, world.pending.length), 1);
  if (!action) return [];
  const exit = { code, signal: 0, oomKilled: false, message: "" };
  switch (action.kind) {
    case "start": {
      const existing = world.tasks.get(action.task);
      const task = existing ?? { handle: `h${++world.serial}`, state: "running" as const, code: 0 };
      world.tasks.set(action.task, task);
      const found = seen(task, action.attempt);
      return found.kind === "seen" ? [{ kind: "started", task: action.task, seen: found }] : [];
    }
    case "stop":
      if (action.handle === undefined) world.tasks.delete(action.task);
      else Object.assign(world.tasks.get(action.task) ?? {}, { state: "exited", code });
      return [{ kind: "stopped", task: action.task, exit }];
    case "remove":
      world.tasks.delete(action.task);
      return [{ kind: "removed", task: action.task }];
    case "make-network": {
      const handle = (world.network ??= `n${++world.serial}`);
      return [{ kind: "network-made", task: wholeGroup, handle, status: noOwnNetwork }];
    }
    case "remove-network":
      // A task that still runs would hang in a namespace that is gone.
      expect(world.tasks.size).toBe(0);
      world.network = undefined;
      return [{ kind: "network-removed", task: wholeGroup }];
    case "cancel-start":
      return [];
    default:
      return action satisfies never;
  }
}

function failStart(world: World): Outcome[] {
  const at = world.pending.findIndex((action) => action.kind === "start");
  const [action] = at < 0 ? [] : world.pending.splice(at, 1);
  return action
    ? [
        {
          kind: "start-failed",
          task: action.task,
          stage: "driver",
          error: "no",
          isRecoverable: true,
        },
      ]
    : [];
}

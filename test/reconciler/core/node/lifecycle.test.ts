import { expect, test } from "vitest";
import {
  decideGroupEnd,
  isGateOpen,
  nextToStop,
  roleOf,
} from "../../../../src/reconciler/core/node/lifecycle.ts";
import { scriptedTask } from "../../../support/scripted-job.ts";
import { deadTask, recordOf, runningTask } from "../../../support/node-records.ts";

const init = scriptedTask({ Name: "init", Lifecycle: { Hook: "prestart", Sidecar: false } });
const proxy = scriptedTask({ Name: "proxy", Lifecycle: { Hook: "prestart", Sidecar: true } });
const main = scriptedTask({ Name: "main" });
const after = scriptedTask({ Name: "after", Lifecycle: { Hook: "poststart", Sidecar: false } });
const clean = scriptedTask({ Name: "clean", Lifecycle: { Hook: "poststop", Sidecar: false } });
const all = [init, proxy, main, after, clean];
const isOpen = (name: string, tasks: Parameters<typeof recordOf>[0]): boolean => {
  const task = all.find((each) => each.Name === name) ?? main;
  return isGateOpen(task, all, recordOf({ ...fresh, ...tasks }).tasks);
};
const fresh = { init: {}, proxy: {}, main: {}, after: {}, clean: {} };

test("the parts of a group have their roles", () => {
  expect(all.map(roleOf)).toEqual(["prestart", "sidecar", "main", "poststart", "poststop"]);
});

test("main tasks wait for prestart to succeed and for its sidecars to run", () => {
  expect(isOpen("init", {})).toBe(true);
  expect(isOpen("main", {})).toBe(false);
  expect(isOpen("main", { init: deadTask() })).toBe(false);
  expect(isOpen("main", { init: deadTask(), proxy: runningTask() })).toBe(true);
  expect(isOpen("main", { init: deadTask(true), proxy: runningTask() })).toBe(false);
});

test("poststart waits until every main task has started, poststop until all others are dead", () => {
  expect(isOpen("after", {})).toBe(false);
  expect(isOpen("after", { main: runningTask() })).toBe(true);
  const dead = { init: deadTask(), proxy: deadTask(), main: deadTask() };
  expect(isOpen("clean", dead)).toBe(false);
  expect(isOpen("clean", { ...dead, after: deadTask() })).toBe(true);
});

test("a failed task ends its living siblings, but not poststop", () => {
  const { tasks } = recordOf({ ...fresh, init: deadTask(true) });
  expect(decideGroupEnd(all, tasks)).toEqual({
    reason: { kind: "sibling-failed", sibling: "init" },
    tasks: ["proxy", "main", "after"],
  });
});

test("a dead leader ends the group", () => {
  const tasks = [scriptedTask({ Name: "lead", Leader: true }), main];
  const { tasks: records } = recordOf({ lead: deadTask(), main: runningTask() });
  expect(decideGroupEnd(tasks, records)).toEqual({
    reason: { kind: "leader-dead" },
    tasks: ["main"],
  });
});

test("sidecars that are left alone end; running main tasks keep them", () => {
  const ended = { init: deadTask(), main: deadTask(), after: deadTask(), clean: {} };
  expect(decideGroupEnd(all, recordOf({ ...ended, proxy: runningTask() }).tasks)?.reason.kind).toBe(
    "main-tasks-dead",
  );
  const kept = recordOf({ ...ended, main: runningTask(), proxy: runningTask() });
  expect(decideGroupEnd(all, kept.tasks)).toBeUndefined();
});

test("a stopping group stops its leader first, then the others, sidecars last", () => {
  const tasks = [proxy, main, scriptedTask({ Name: "lead", Leader: true }), clean];
  const running = { proxy: runningTask(), main: runningTask(), lead: runningTask(), clean: {} };
  expect(nextToStop(tasks, recordOf(running).tasks)).toEqual(["lead"]);
  expect(nextToStop(tasks, recordOf({ ...running, lead: deadTask() }).tasks)).toEqual(["main"]);
  const rest = recordOf({ ...running, lead: deadTask(), main: deadTask() });
  expect(nextToStop(tasks, rest.tasks)).toEqual(["proxy"]);
});

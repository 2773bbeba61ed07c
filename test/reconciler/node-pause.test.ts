import { afterEach, beforeEach, expect, test } from "vitest";
import { testAllocationId as id } from "../support/scripted-job.ts";
import { NodeBench, wantedBy } from "../support/node-bench.ts";

let b: NodeBench;
beforeEach(() => {
  b = new NodeBench();
});
afterEach(() => b.dispose());

const stateOf = (): string | undefined => b.source.last(id)?.taskStates["main"]?.Paused;

test("a crash loop is held over a restart of the agent, and goes on at once when it is let go", async () => {
  const agent = await b.start();
  b.source.put(wantedBy(agent));
  await b.statusIs("running");
  agent.pause(id, "main", true);
  await b.until("told", () => stateOf() === "force_pause");
  expect(agent.isPaused(id, "main")).toBe(true);
  expect(b.engine.running()).toEqual(["main#0"]);
  b.engine.exit("main", { code: 1 });
  await b.statusIs("pending");
  await b.pass(600_000);
  expect(b.engine.running()).toEqual([]);

  await b.stop(agent);
  const second = await b.start();
  await b.pass(60_000);
  expect(second.isPaused(id, "main")).toBe(true);
  expect(b.engine.calls.filter((call) => call.startsWith("start"))).toEqual(["start main#0"]);

  const sinceMs = b.clock.monotonicMs();
  second.pause(id, "main", false);
  await b.until("started", () => b.engine.running().includes("main#1"), 10);
  expect(b.clock.monotonicMs() - sinceMs).toBeLessThan(1_000);
  await b.until("told", () => stateOf() === undefined);
  expect(b.eventTypes().filter((type) => type === "Pausing" || type === "Running")).toEqual([
    "Pausing",
    "Running",
  ]);
});

test("a stop ends a held task", async () => {
  const agent = await b.start();
  const desired = wantedBy(agent);
  b.source.put(desired);
  await b.statusIs("running");
  agent.pause(id, "main", true);
  await b.until("told", () => stateOf() === "force_pause");
  b.engine.exit("main", { code: 1 });
  await b.statusIs("pending");
  const { allocation } = desired;
  b.source.put({ ...desired, allocation: { ...allocation, DesiredStatus: "stop" } });
  await b.statusIs("complete");
});

test("what is unknown, over, or paused is refused in words", async () => {
  const agent = await b.start();
  b.source.put(wantedBy(agent));
  await b.statusIs("running");
  expect(() => agent.pause(id, "nobody", true)).toThrow("Could not find task nobody");
  agent.pause(id, "main", true);
  await b.until("told", () => stateOf() === "force_pause");
  expect(() => agent.restart(id, "main", false)).toThrow('task "main" is paused: resume it first');
  agent.pause(id, "main", false);
  await b.until("told", () => stateOf() === undefined);
  for (const attempt of ["main#0", "main#1", "main#2"]) {
    await b.until(attempt, () => b.engine.running().includes(attempt));
    b.engine.exit("main", { code: 1 });
  }
  await b.statusIs("failed");
  expect(() => agent.pause(id, "main", true)).toThrow('task "main" has ended');
});

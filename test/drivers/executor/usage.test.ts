import { expect, test } from "vitest";
import { usageBetween, type UsageReading } from "../../../src/drivers/executor/usage.ts";

const share = (userTicks: number, systemTicks: number, pages: number) => ({
  userTicks,
  systemTicks,
  pages,
});
const reading = (
  atMs: number,
  processes: readonly (readonly [number, ReturnType<typeof share>])[],
): UsageReading => ({
  atMs,
  group: {
    userTicks: processes.reduce((sum, [, one]) => sum + one.userTicks, 0),
    systemTicks: processes.reduce((sum, [, one]) => sum + one.systemTicks, 0),
    pages: processes.reduce((sum, [, one]) => sum + one.pages, 0),
    processes: new Map(processes),
  },
});

test("a task is measured whole and process by process", () => {
  const before = reading(1000, [[10, share(100, 0, 1)]]);
  const now = reading(2000, [
    [10, share(150, 10, 2)],
    [11, share(0, 0, 3)],
  ]);
  const usage = usageBetween(now, before);
  expect(usage).toMatchObject({ userMode: 50, systemMode: 10, cpuPercent: 60 });
  expect(usage.memory.rss).toBe(5 * 4096);
  expect(usage.processes).toMatchObject({
    10: { cpuPercent: 60, memory: { rss: 2 * 4096 } },
    // One that was not there at the reading before.
    11: { cpuPercent: 0, memory: { rss: 3 * 4096 } },
  });
});

test("one reading alone tells memory only", () => {
  expect(usageBetween(reading(1000, [[10, share(100, 50, 1)]]), undefined)).toMatchObject({
    cpuPercent: 0,
    memory: { usage: 4096 },
  });
});

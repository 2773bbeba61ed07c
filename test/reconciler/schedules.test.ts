import { expect, test } from "vitest";
import { silentLogger } from "../../src/lib/logger.ts";
import { startSchedules } from "../../src/reconciler/schedules.ts";
import { until } from "../support/until.ts";

test("a chore runs by its schedule, again after a failure, and no more once stopped", async () => {
  let runs = 0;
  const schedules = startSchedules(silentLogger, [
    {
      name: "count",
      cron: "* * * * * *",
      run: () => {
        runs += 1;
        return Promise.reject(new Error("no"));
      },
    },
  ]);
  await until("two runs", () => runs >= 2);
  await schedules.stop();
  const after = runs;
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(runs).toBe(after);
});

test("a bad schedule is refused at once", () => {
  const bad = { name: "x", cron: "soon", run: () => Promise.resolve() };
  expect(() => startSchedules(silentLogger, [bad])).toThrow("chore x has a bad schedule: soon");
});

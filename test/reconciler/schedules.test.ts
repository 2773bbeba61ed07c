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
  // Another one goes on by the same schedule: after its second run the first would have had one too.
  let others = 0;
  const witness = startSchedules(silentLogger, [
    { name: "witness", cron: "* * * * * *", run: () => Promise.resolve(void (others += 1)) },
  ]);
  await until("the other schedule to run twice", () => others >= 2);
  await witness.stop();
  expect(runs).toBe(after);
});

test("a bad schedule is refused at once", () => {
  const bad = { name: "x", cron: "soon", run: () => Promise.resolve() };
  expect(() => startSchedules(silentLogger, [bad])).toThrow("chore x has a bad schedule: soon");
});

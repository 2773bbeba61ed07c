import { expect, test } from "vitest";
import { breatherOf } from "../../src/lib/breather.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { FakeClock } from "../support/fake-clock.ts";

/** A clock on which each piece of work takes `ms`, and a log of what the event loop did. */
function workshop(ms: number) {
  let now = 0;
  const clock = Object.assign(new FakeClock(), { monotonicMs: () => now });
  const log: string[] = [];
  return {
    clock,
    log,
    work: (name: string): void => {
      now += ms;
      log.push(name);
    },
  };
}
const step = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("small pieces of work go on in the same step of the event loop", async () => {
  const { clock, log, work } = workshop(1);
  const breather = breatherOf(clock);
  const run = async (name: string): Promise<void> => {
    await breather.breathe();
    work(name);
  };
  setImmediate(() => log.push("others"));
  await Promise.all(["a", "b", "c"].map(run));
  expect(log).toEqual(["a", "b", "c"]);
  await step();
  expect(log).toEqual(["a", "b", "c", "others"]);
});

test("after 5 ms the others come first, then one piece each step in the order of asking", async () => {
  const { clock, log, work } = workshop(5);
  const breather = breatherOf(clock);
  const run = async (name: string): Promise<void> => {
    await breather.breathe();
    work(name);
  };
  await run("first");
  const rest = Promise.all(["a", "b"].map(run));
  setImmediate(() => {
    log.push("others");
    setImmediate(() => log.push("others again"));
  });
  await rest;
  expect(log.filter((name) => !name.startsWith("others"))).toEqual(["first", "a", "b"]);
  expect(log.indexOf("others")).toBeLessThan(log.indexOf("b"));
});

test("all who share a clock share one step's time", () => {
  const clock = createSystemClock();
  expect(breatherOf(clock)).toBe(breatherOf(clock));
  expect(breatherOf(createSystemClock())).not.toBe(breatherOf(clock));
});

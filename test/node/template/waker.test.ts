import { expect, test } from "vitest";
import { Waker } from "../../../src/node/template/waker.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";

const never = new AbortController().signal;

test("a note before the wait is not lost, and counts once", async () => {
  const waker = new Waker(new FakeClock());
  waker.note();
  waker.note();
  expect(await waker.wait(Infinity, never)).toBe(true);
  const second = waker.wait(Infinity, never);
  waker.note();
  expect(await second).toBe(true);
});

test("without a note the wait ends with its time", async () => {
  const clock = new FakeClock();
  const waker = new Waker(clock);
  const waiting = waker.wait(100, never);
  await clock.advance(100);
  expect(await waiting).toBe(false);
  expect(clock.pendingTimers()).toBe(0);
});

test("an aborted wait rejects and leaves no timer", async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  const waiting = new Waker(clock).wait(100, abort.signal);
  await settle();
  abort.abort(new Error("over"));
  await expect(waiting).rejects.toThrow("over");
  await expect(new Waker(clock).wait(100, abort.signal)).rejects.toThrow("over");
  expect(clock.pendingTimers()).toBe(0);
});

import { expect, test } from "vitest";
import { Waiters } from "../../../src/api/http/waiters.ts";
import { createChangeFeed } from "../../../src/store/changes.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const never = new AbortController().signal;
const make = () => {
  const clock = new FakeClock();
  const feed = createChangeFeed();
  return { clock, feed, waiters: new Waiters(clock, feed) };
};

test("a change of the table or of the object wakes, each sleeper once, and nothing is left", async () => {
  const { clock, feed, waiters } = make();
  const table = waiters.wait([{ table: "jobs" }], 1000, never);
  const both = waiters.wait(
    [
      { table: "nodes", key: "n" },
      { table: "jobs", key: "a" },
    ],
    1000,
    never,
  );
  const other = waiters.wait([{ table: "jobs", key: "b" }], 1000, never);
  expect(waiters.sleeping()).toBe(3);
  feed.publish({
    index: 1,
    changes: [
      { table: "jobs", key: "a" },
      { table: "nodes", key: "n" },
    ],
  });
  await Promise.all([table, both]);
  expect([waiters.sleeping(), clock.pendingTimers()]).toEqual([1, 1]);
  await clock.advance(1000);
  await other;
  expect([waiters.sleeping(), clock.pendingTimers()]).toEqual([0, 0]);
});

test("an aborted signal wakes, also one that was aborted before", async () => {
  const { clock, waiters } = make();
  const leaving = new AbortController();
  const sleeper = waiters.wait([{ table: "jobs" }], 1000, leaving.signal);
  leaving.abort();
  await sleeper;
  await waiters.wait([{ table: "jobs" }], 1000, leaving.signal);
  expect([waiters.sleeping(), clock.pendingTimers()]).toEqual([0, 0]);
});

test("closing wakes everybody and stops listening", async () => {
  const { feed, waiters } = make();
  const sleeper = waiters.wait([{ table: "jobs" }, { table: "nodes" }], 1000, never);
  waiters.close();
  await sleeper;
  feed.publish({ index: 1, changes: [{ table: "jobs", key: "a" }] });
  expect(waiters.sleeping()).toBe(0);
});

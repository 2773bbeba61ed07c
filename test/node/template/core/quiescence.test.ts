import { expect, test } from "vitest";
import { nextPending, waitOf } from "../../../../src/node/template/core/quiescence.ts";

const wait = { minMs: 10, maxMs: 25 };

test("new content is due once it stayed the same, at the latest after the upper bound", () => {
  const first = nextPending("a", { written: "", pending: undefined }, { nowMs: 0, wait });
  expect(first).toEqual({ text: "a", sinceMs: 0, dueMs: 10 });
  expect(nextPending("a", { written: "", pending: first }, { nowMs: 5, wait })).toBe(first);
  const second = nextPending("b", { written: "", pending: first }, { nowMs: 9, wait });
  expect(second).toEqual({ text: "b", sinceMs: 0, dueMs: 19 });
  expect(nextPending("c", { written: "", pending: second }, { nowMs: 18, wait })).toEqual({
    text: "c",
    sinceMs: 0,
    dueMs: 25,
  });
});

test("content that is as written again is not pending any more", () => {
  const pending = { text: "b", sinceMs: 0, dueMs: 10 };
  expect(nextPending("a", { written: "a", pending }, { nowMs: 5, wait })).toBeUndefined();
});

test("a block without bounds takes the usual ones, one without an upper bound four times its lower", () => {
  expect(waitOf(null, wait)).toBe(wait);
  expect(waitOf({ Min: 2e9, Max: null }, wait)).toEqual({ minMs: 2_000, maxMs: 8_000 });
  expect(waitOf({ Min: 1e9, Max: 3e9 }, wait)).toEqual({ minMs: 1_000, maxMs: 3_000 });
});

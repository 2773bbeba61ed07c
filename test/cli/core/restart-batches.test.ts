import { expect, test } from "vitest";
import { batchesOf, parseBatchSize } from "../../../src/cli/core/restart-batches.ts";

test.each([
  ["1", { count: 1 }],
  ["25%", { percent: 25 }],
  ["100%", { percent: 100 }],
  ["0", undefined],
  ["0%", undefined],
  ["101%", undefined],
  ["-1", undefined],
  ["many", undefined],
])("%s is the batch size %j", (text, size) => {
  expect(parseBatchSize(text)).toEqual(size);
});

test("batches are consecutive, and a share always makes progress", () => {
  expect(batchesOf([1, 2, 3, 4, 5], { count: 2 })).toEqual([[1, 2], [3, 4], [5]]);
  expect(batchesOf([1, 2, 3], { percent: 10 })).toEqual([[1], [2], [3]]);
  expect(batchesOf([1, 2, 3], { percent: 100 })).toEqual([[1, 2, 3]]);
  expect(batchesOf([], { count: 3 })).toEqual([]);
});

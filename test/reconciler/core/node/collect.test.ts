import { expect, test } from "vitest";
import { decideCollection } from "../../../../src/reconciler/core/node/collect.ts";

const limits = { diskPercent: 80, inodePercent: 70, maxAllocations: 3, parallelDestroys: 2 };
const calm = { diskPercent: 10, inodePercent: 10 };
const kept = [
  { id: "runs", endedNs: undefined },
  { id: "late", endedNs: 30 },
  { id: "early", endedNs: 10 },
  { id: "middle", endedNs: 20 },
];

test("below every limit nothing goes", () => {
  expect(decideCollection(kept.slice(1), calm, limits)).toBeUndefined();
});

test("one too many takes the oldest that ended, and only as many as are too many", () => {
  expect(decideCollection(kept, calm, limits)).toEqual({
    reason: "number of allocations",
    ids: ["early"],
  });
});

test.each([
  [{ ...calm, diskPercent: 81 }, "disk usage"],
  [{ ...calm, inodePercent: 71 }, "inode usage"],
])("%j takes a few at a time, oldest first", (use, reason) => {
  expect(decideCollection(kept, use, limits)).toEqual({ reason, ids: ["early", "middle"] });
});

test("what runs never goes, however full the disk is", () => {
  const full = { diskPercent: 100, inodePercent: 100 };
  expect(decideCollection(kept.slice(0, 1), full, limits)).toBeUndefined();
});

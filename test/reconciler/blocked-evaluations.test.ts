import { expect, test } from "vitest";
import { newEvaluation } from "../../src/model/build.ts";
import type { Evaluation } from "../../src/model/evaluation.ts";
import { evaluationId } from "../../src/model/ids.ts";
import { BlockedEvaluations } from "../../src/reconciler/blocked-evaluations.ts";
import { buildJob } from "../support/build-job.ts";

const blocked = (over: Partial<Evaluation>): Evaluation =>
  newEvaluation({
    id: evaluationId("e"),
    job: buildJob(),
    trigger: "queued-allocs",
    nowNs: 0,
    overrides: { Status: "blocked", SnapshotIndex: 10, ...over },
  });

test("room on a class wakes those that could use it", () => {
  const memory = new BlockedEvaluations();
  memory.add(blocked({ ID: evaluationId("fits"), ClassEligibility: { a: true } }));
  memory.add(blocked({ ID: evaluationId("never"), ClassEligibility: { a: false } }));
  memory.add(blocked({ ID: evaluationId("unsure"), ClassEligibility: { b: false } }));
  memory.add(
    blocked({
      ID: evaluationId("escaped"),
      ClassEligibility: { a: false },
      EscapedComputedClass: true,
    }),
  );
  expect(memory.roomOn("a", 20).map((e) => e.ID)).toEqual(["fits", "unsure", "escaped"]);
});

test("room that came up after the snapshot is not missed", () => {
  const memory = new BlockedEvaluations();
  memory.roomOn("a", 12);
  expect(memory.add(blocked({ SnapshotIndex: 11 }))).toBe(true);
  expect(memory.add(blocked({ SnapshotIndex: 12 }))).toBe(false);
  expect(memory.add(blocked({ SnapshotIndex: 11, ClassEligibility: { a: false } }))).toBe(false);
});

test("one that is removed is not woken", () => {
  const memory = new BlockedEvaluations();
  memory.add(blocked({}));
  memory.remove(evaluationId("e"));
  expect(memory.roomOn("a", 20)).toEqual([]);
});

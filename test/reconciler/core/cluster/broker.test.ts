import { formatInstant } from "../../../../src/lib/instant.ts";
import { expect, test } from "vitest";
import { newEvaluation } from "../../../../src/model/build.ts";
import type { Evaluation } from "../../../../src/model/evaluation.ts";
import { evaluationId, jobId } from "../../../../src/model/ids.ts";
import { EvaluationBroker } from "../../../../src/reconciler/core/cluster/broker.ts";
import { buildJob } from "../../../support/build-job.ts";

const evaluation = (id: string, job: string, over: Partial<Evaluation> = {}): Evaluation =>
  newEvaluation({
    id: evaluationId(id),
    job: buildJob({ ID: jobId(job) }),
    trigger: "job-register",
    nowNs: 0,
    overrides: over,
  });

test("the higher priority comes first, then the older one", () => {
  const broker = new EvaluationBroker();
  broker.offer(evaluation("late", "a", { CreateIndex: 9 }), 0);
  broker.offer(evaluation("early", "b", { CreateIndex: 3 }), 0);
  broker.offer(evaluation("urgent", "c", { CreateIndex: 8, Priority: 80 }), 0);
  expect([broker.take(0)?.ID, broker.take(0)?.ID, broker.take(0)?.ID]).toEqual([
    "urgent",
    "early",
    "late",
  ]);
  expect(broker.take(0)).toBeUndefined();
});

test("one job has one evaluation under way at a time", () => {
  const broker = new EvaluationBroker();
  const first = evaluation("1", "a", { CreateIndex: 1 });
  broker.offer(first, 0);
  broker.offer(evaluation("2", "a", { CreateIndex: 2 }), 0);
  expect(broker.take(0)?.ID).toBe("1");
  broker.offer(first, 0);
  expect(broker.take(0)).toBeUndefined();
  broker.release(first);
  expect(broker.take(0)?.ID).toBe("2");
});

test("a delayed one comes at its time and not before", () => {
  const broker = new EvaluationBroker();
  const second = 1e9;
  broker.offer(evaluation("1", "a", { WaitUntil: formatInstant(5 * second) }), 0);
  expect(broker.take(4 * second)).toBeUndefined();
  expect(broker.nextDueNs()).toBe(5 * second);
  expect(broker.take(5 * second)?.ID).toBe("1");
});

test("one that was forgotten never comes", () => {
  const broker = new EvaluationBroker();
  broker.offer(evaluation("1", "a"), 0);
  broker.forget(evaluationId("1"));
  expect(broker.take(0)).toBeUndefined();
});

test("others of the same job are listed, the newest last", () => {
  const broker = new EvaluationBroker();
  broker.offer(evaluation("3", "a", { CreateIndex: 3 }), 0);
  broker.offer(evaluation("2", "a", { CreateIndex: 2 }), 0);
  broker.offer(evaluation("x", "b", { CreateIndex: 2 }), 0);
  broker.offer(evaluation("w", "a", { WaitUntil: formatInstant(9e9) }), 0);
  expect(broker.others(evaluation("1", "a"), 0).map((e) => e.ID)).toEqual(["2", "3"]);
});

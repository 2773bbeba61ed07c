import { expect, test } from "vitest";
import {
  describeProgress,
  noProgress,
  type EvaluationProgress,
} from "../../../src/cli/core/evaluation-progress.ts";

const seen = (id: string, client: string, createIndex: number) => ({
  id,
  node: "n",
  group: "g",
  desired: "run",
  client,
  clientDescription: "",
  createIndex,
});
const base: EvaluationProgress = { ...noProgress, job: "web", createIndex: 10 };

test("says each fact once and each change as it is seen", () => {
  const first = { ...base, allocations: new Map([["a", seen("a", "pending", 11)]]) };
  expect(describeProgress(noProgress, first, (id) => id)).toEqual([
    'Evaluation triggered by job "web"',
    'Allocation "a" created: node "n", group "g"',
  ]);
  const running = { ...seen("a", "running", 11), clientDescription: "Tasks are running" };
  const second = {
    ...base,
    deployment: "d",
    status: "complete",
    allocations: new Map([["a", running]]),
  };
  expect(describeProgress(first, second, (id) => id)).toEqual([
    'Evaluation within deployment: "d"',
    'Allocation "a" status changed: "pending" -> "running" (Tasks are running)',
    'Evaluation status changed: "pending" -> "complete"',
  ]);
});

test("an older allocation was modified, a stopped new one is not news", () => {
  const old = seen("a", "running", 3);
  const stopped = { ...seen("b", "pending", 12), desired: "stop" };
  const now = {
    ...base,
    allocations: new Map([
      ["a", old],
      ["b", stopped],
    ]),
  };
  expect(describeProgress({ ...base, allocations: new Map() }, now, (id) => id)).toEqual([
    'Allocation "a" modified: node "n", group "g"',
  ]);
});

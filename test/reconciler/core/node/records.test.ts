import { expect, test } from "vitest";
import { firstRecord } from "../../../../src/reconciler/core/node/records.ts";
import { buildDesired, scriptedGroup } from "../../../support/scripted-job.ts";
import { deadTask, runningTask, taskRecord } from "../../../support/node-records.ts";

const { allocation } = buildDesired();
const group = scriptedGroup();
const found = (
  attempt: number,
  state: "running" | "exited",
): Parameters<typeof firstRecord>[2][number] => ({
  kind: "seen",
  task: "main",
  handle: `h${attempt}`,
  attempt,
  specHash: "hash",
  state,
  startedAt: "2026-01-01T00:00:00Z",
  finishedAt: null,
  exit: null,
});

test("a new allocation begins pending, with the event that it was received", () => {
  const main = firstRecord(allocation, group, [], 5).tasks["main"];
  expect(main).toMatchObject({ phase: "pending", attempt: 0, isSetUp: false });
  expect(main?.state.Events).toEqual([{ Type: "Received", Time: 5, Message: "", Details: {} }]);
});

test("without a memory the newest attempt found under the labels is taken over", () => {
  const known = { ...allocation, TaskStates: { main: taskRecord("main", runningTask()).state } };
  const record = firstRecord(known, group, [found(1, "running"), found(0, "exited")], 5);
  expect(record.tasks["main"]).toMatchObject({
    phase: "running",
    attempt: 1,
    handle: "h1",
    specHash: "hash",
  });
});

test("what the servers know as ended never runs again, its remains are still removed", () => {
  const ended = {
    ...allocation,
    ClientStatus: "complete" as const,
    TaskStates: { main: taskRecord("main", deadTask()).state },
  };
  expect(firstRecord(ended, group, [], 5).tasks["main"]?.phase).toBe("dead");
  expect(firstRecord(ended, group, [found(0, "exited")], 5).tasks["main"]).toMatchObject({
    phase: "dead",
    handle: "h0",
  });
});

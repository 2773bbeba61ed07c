import { expect, test } from "vitest";
import { clientStatusOf } from "../../../../src/reconciler/core/node/client-status.ts";
import { recordOf } from "../../../support/node-records.ts";

test.each([
  ["pending", "No tasks have started", [{ State: "pending" }]],
  ["running", "Tasks are running", [{ State: "running" }, { State: "pending" }]],
  ["complete", "All tasks have completed", [{ State: "dead" }, { State: "dead" }]],
  ["failed", "Failed tasks", [{ State: "dead", Failed: true }, { State: "running" }]],
] as const)("the sum is %s: %s", (clientStatus, clientDescription, states) => {
  const tasks = Object.fromEntries(states.map((state, at) => [`task${at}`, { state }]));
  expect(clientStatusOf(recordOf(tasks))).toEqual({ clientStatus, clientDescription });
});

test("a group that ran out of its time is complete, even with failed tasks", () => {
  const record = recordOf({ main: { state: { State: "dead", Failed: true } } });
  expect(clientStatusOf({ ...record, isOverMaxRunDuration: true })).toEqual({
    clientStatus: "complete",
    clientDescription: "allocation exceeded max_run_duration",
  });
});

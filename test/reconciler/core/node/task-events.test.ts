import { expect, test } from "vitest";
import * as events from "../../../../src/reconciler/core/node/task-events.ts";
import { taskRecord } from "../../../support/node-records.ts";

test("ten events are kept, the oldest goes first", () => {
  let { state } = taskRecord("main");
  for (let at = 0; at < 12; at++) state = events.withEvent(state, events.started(), at);
  expect(state.Events.map((event) => event.Time)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test("details are text, and an exit message only when there is one", () => {
  const exit = { code: 130, signal: 2, oomKilled: false, message: "" };
  expect(events.terminated(exit).Details).toEqual({
    exit_code: "130",
    signal: "2",
    oom_killed: "false",
  });
  expect(events.terminated({ ...exit, message: "lost" })).toMatchObject({
    Message: "lost",
    Details: { exit_message: "lost" },
  });
  expect(events.killing(2e9).Details).toEqual({ kill_timeout: "2s" });
});

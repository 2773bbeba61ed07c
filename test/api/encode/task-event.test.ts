import { expect, test } from "vitest";
import { encodeTaskEvent } from "../../../src/api/encode/task-event.ts";
import * as events from "../../../src/reconciler/core/node/task-events.ts";

const shown = (event: events.EventBody): object => encodeTaskEvent({ ...event, Time: 1 });

test("what a shutdown delay does is told to people only", () => {
  for (const event of [events.skippingShutdownDelay(20e9), events.waitingForShutdownDelay(20e9)])
    expect(shown(event)).toMatchObject({ Message: "", DisplayMessage: event.Message });
  expect(shown(events.skippingShutdownDelay(20e9))).toMatchObject({
    DisplayMessage: "Skipping shutdown_delay of 20s before killing the task.",
  });
});

test("the message of an exit is told twice", () => {
  const lost = events.terminated({ code: 137, signal: 0, oomKilled: false, message: "lost" });
  expect(shown(lost)).toMatchObject({
    Message: "lost",
    DisplayMessage: 'Exit Code: 137, Exit Message: "lost"',
  });
});

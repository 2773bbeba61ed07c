import { expect, test } from "vitest";
import { classifyFound } from "../../../../src/reconciler/core/node/strays.ts";
import { deadTask, recordOf, runningTask } from "../../../support/node-records.ts";

const found = { allocationId: "a", task: "main", handle: "h" };
const of = (tasks: Parameters<typeof recordOf>[0]): ReturnType<typeof classifyFound> =>
  classifyFound(found, { record: recordOf(tasks) });

test("a task is ours when its record names it or may be about to", () => {
  expect(of({ main: runningTask() })).toBe("ours");
  expect(of({ main: { phase: "starting" } })).toBe("ours");
  expect(classifyFound(found, { record: undefined })).toBe("ours");
});

test("another attempt's task is a leftover, an unknown allocation's an orphan", () => {
  expect(of({ main: { ...runningTask(), handle: "other" } })).toBe("leftover");
  expect(of({ main: deadTask() })).toBe("leftover");
  expect(of({ other: {} })).toBe("leftover");
  expect(classifyFound(found, undefined)).toBe("orphan");
});

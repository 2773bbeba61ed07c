import { expect, test } from "vitest";
import { orderTasks } from "../../../src/cli/core/task-order.ts";
import type { Job } from "../../../src/model/job.ts";

test("tasks with a lifecycle come first, sidecars after those that end", () => {
  const task = (Name: string, Lifecycle: unknown) => ({ Name, Lifecycle });
  const job = {
    TaskGroups: [
      {
        Name: "g",
        Tasks: [
          task("b", null),
          task("a", null),
          task("z", { Hook: "prestart", Sidecar: false }),
          task("c", { Hook: "prestart", Sidecar: true }),
        ],
      },
    ],
  } as unknown as Job;
  const states = { a: 1, b: 2, c: 3, z: 4 };
  expect(
    orderTasks({ Job: job, TaskGroup: "g", TaskStates: states }).map((one) => [
      one.name,
      one.lifecycle,
    ]),
  ).toEqual([
    ["z", "prestart"],
    ["c", "prestart sidecar"],
    ["a", ""],
    ["b", ""],
  ]);
});

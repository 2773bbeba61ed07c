import { expect, test } from "vitest";
import { orderTasks } from "../../../src/cli/core/task-order.ts";
import type { TaskLifecycle } from "../../../src/model/job.ts";
import { buildGroup, buildJob, buildTask } from "../../support/build-job.ts";

test("tasks with a lifecycle come first, sidecars after those that end", () => {
  const task = (Name: string, Lifecycle: TaskLifecycle | null) => buildTask({ Name, Lifecycle });
  const job = buildJob({
    TaskGroups: [
      buildGroup({
        Name: "g",
        Tasks: [
          task("b", null),
          task("a", null),
          task("z", { Hook: "prestart", Sidecar: false }),
          task("c", { Hook: "prestart", Sidecar: true }),
        ],
      }),
    ],
  });
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

import { expect, test } from "vitest";
import type { Job } from "../../../../src/model/job.ts";
import { needsNewAllocation } from "../../../../src/reconciler/core/cluster/tasks-updated.ts";
import {
  buildGroup,
  buildJob,
  buildNetwork,
  buildPort,
  buildResources,
  buildTask,
} from "../../../support/build-job.ts";

const jobWith = (task: Parameters<typeof buildTask>[0], over: Partial<Job> = {}): Job =>
  buildJob({ TaskGroups: [buildGroup({ Tasks: [buildTask(task)] })], ...over });
const before = jobWith({});

test.each<[string, Job]>([
  ["kill timeout", jobWith({ KillTimeout: 9e9 })],
  ["constraints", jobWith({ Constraints: [{ LTarget: "a", RTarget: "a", Operand: "=" }] })],
  ["log rotation", jobWith({ LogConfig: { MaxFiles: 3, MaxFileSizeMB: 1, Disabled: false } })],
  ["priority", jobWith({}, { Priority: 70 })],
  ["count", buildJob({ TaskGroups: [buildGroup({ Count: 5 })] })],
  ["nothing, in another key order", jobWith({ Env: {} })],
])("a change of %s keeps the running allocation", (_what, after) => {
  expect(needsNewAllocation(before, after, "web")).toBe(false);
});

test.each<[string, Job]>([
  ["config", jobWith({ Config: { command: "/bin/true" } })],
  ["environment", jobWith({ Env: { A: "1" } })],
  ["cpu", jobWith({ Resources: buildResources({ CPU: 40 }) })],
  ["driver", jobWith({ Driver: "docker" })],
  [
    "switched-off logs",
    jobWith({ LogConfig: { MaxFiles: 10, MaxFileSizeMB: 10, Disabled: true } }),
  ],
  ["job meta", jobWith({}, { Meta: { team: "a" } })],
  ["job type", jobWith({}, { Type: "batch" })],
  [
    "the number of tasks",
    buildJob({ TaskGroups: [buildGroup({ Tasks: [buildTask(), buildTask({ Name: "b" })] })] }),
  ],
  ["a spread", jobWith({}, { Spreads: [{ Attribute: "a", Weight: 1, SpreadTarget: null }] })],
  ["a missing group", buildJob({ TaskGroups: [] })],
])("a change of %s needs a new allocation", (_what, after) => {
  expect(needsNewAllocation(before, after, "web")).toBe(true);
});

test("the value of a dynamic port is no change, its label is", () => {
  const withPort = (Label: string, Value: number): Job =>
    buildJob({
      TaskGroups: [
        buildGroup({
          Networks: [buildNetwork({ DynamicPorts: [buildPort({ Label, Value })] })],
        }),
      ],
    });
  expect(needsNewAllocation(withPort("http", 0), withPort("http", 22000), "web")).toBe(false);
  expect(needsNewAllocation(withPort("http", 0), withPort("rpc", 0), "web")).toBe(true);
});

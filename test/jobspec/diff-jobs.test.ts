import { expect, test } from "vitest";
import { annotateDiff, diffJobs } from "../../src/jobspec/diff-jobs.ts";
import { noUpdates } from "../../src/model/build.ts";
import { admittedGroup, admittedJob, admittedTask, named } from "../support/admitted-job.ts";

const contextual = { contextual: true };

test("an equal job is None and still lists its groups and tasks", () => {
  expect(diffJobs(admittedJob(), admittedJob({ Version: 4 }), contextual)).toEqual({
    Type: "None",
    ID: "example",
    Fields: null,
    Objects: null,
    TaskGroups: [
      {
        Type: "None",
        Name: "web",
        Fields: null,
        Objects: null,
        Tasks: [{ Type: "None", Name: "server", Fields: null, Objects: null, Annotations: null }],
        Updates: null,
      },
    ],
  });
});

test("a new and a gone job are Added and Deleted throughout", () => {
  expect(diffJobs(null, admittedJob(), contextual)).toMatchObject({
    Type: "Added",
    TaskGroups: [{ Type: "Added", Tasks: [{ Type: "Added" }] }],
  });
  expect(diffJobs(admittedJob(), null, contextual)).toMatchObject({
    Type: "Deleted",
    TaskGroups: [{ Type: "Deleted", Tasks: [{ Type: "Deleted" }] }],
  });
});

test("groups and tasks are sorted by name", () => {
  const groups = ["b", "a"].map((name) =>
    admittedGroup({ Name: name, Tasks: ["y", "x"].map((task) => admittedTask({ Name: task })) }),
  );
  const diff = diffJobs(admittedJob(), admittedJob({ TaskGroups: groups }), contextual);
  expect(diff.TaskGroups?.map((group) => `${group.Name} ${group.Type}`)).toEqual([
    "a Added",
    "b Added",
    "web Deleted",
  ]);
  expect(diff.TaskGroups?.[0]?.Tasks?.map((task) => task.Name)).toEqual(["x", "y"]);
});

test("a change that is not listed still makes the job edited", () => {
  const Spreads = [{ Attribute: "${node.class}", Weight: 50, SpreadTarget: null }];
  expect(diffJobs(admittedJob(), admittedJob({ Spreads }), contextual)).toMatchObject({
    Type: "Edited",
    Fields: null,
    Objects: null,
  });
});

test("without context only what changes is shown", () => {
  const task = admittedTask();
  const changed = admittedTask({ Resources: { ...task.Resources, CPU: 7 } });
  const objects = (options: { readonly contextual: boolean }): unknown =>
    diffJobs(
      admittedJob(),
      admittedJob({ TaskGroups: [admittedGroup({ Tasks: [changed] })] }),
      options,
    ).TaskGroups?.[0]?.Tasks?.[0]?.Objects?.[0]?.Fields?.length;
  expect([objects({ contextual: false }), objects(contextual)]).toEqual([1, 7]);
});

test("annotations say what the change does", () => {
  const next = admittedJob({ TaskGroups: [admittedGroup({ Count: 3 })] });
  const diff = diffJobs(admittedJob(), next, contextual);
  expect(
    annotateDiff(diff, { DesiredTGUpdates: { web: { ...noUpdates, Place: 2 } } }),
  ).toMatchObject({
    TaskGroups: [
      { Updates: { create: 2 }, Fields: [{ Name: "Count", Annotations: ["forces create"] }] },
    ],
  });
  expect(annotateDiff(diff, null).TaskGroups?.[0]?.Updates).toBeNull();
});

test("different jobs are never compared", () => {
  expect(() => diffJobs(admittedJob(), admittedJob(named("other")), contextual)).toThrow(
    "only versions of one job can be compared",
  );
});

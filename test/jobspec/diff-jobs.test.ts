import { expect, test } from "vitest";
import { annotateDiff, diffJobs } from "../../src/jobspec/diff-jobs.ts";
import { noUpdates } from "../../src/model/build.ts";
import { buildGroup, buildJob, buildTask, named } from "../support/build-job.ts";

const contextual = { contextual: true };

test("an equal job is None and still lists its groups and tasks", () => {
  expect(diffJobs(buildJob(), buildJob({ Version: 4 }), contextual)).toEqual({
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
  expect(diffJobs(null, buildJob(), contextual)).toMatchObject({
    Type: "Added",
    TaskGroups: [{ Type: "Added", Tasks: [{ Type: "Added" }] }],
  });
  expect(diffJobs(buildJob(), null, contextual)).toMatchObject({
    Type: "Deleted",
    TaskGroups: [{ Type: "Deleted", Tasks: [{ Type: "Deleted" }] }],
  });
});

test("groups and tasks are sorted by name", () => {
  const groups = ["b", "a"].map((name) =>
    buildGroup({ Name: name, Tasks: ["y", "x"].map((task) => buildTask({ Name: task })) }),
  );
  const diff = diffJobs(buildJob(), buildJob({ TaskGroups: groups }), contextual);
  expect(diff.TaskGroups?.map((group) => `${group.Name} ${group.Type}`)).toEqual([
    "a Added",
    "b Added",
    "web Deleted",
  ]);
  expect(diff.TaskGroups?.[0]?.Tasks?.map((task) => task.Name)).toEqual(["x", "y"]);
});

test("a change that is not listed still makes the job edited", () => {
  const Spreads = [{ Attribute: "${node.class}", Weight: 50, SpreadTarget: null }];
  expect(diffJobs(buildJob(), buildJob({ Spreads }), contextual)).toMatchObject({
    Type: "Edited",
    Fields: null,
    Objects: null,
  });
});

test("without context only what changes is shown", () => {
  const task = buildTask();
  const changed = buildTask({ Resources: { ...task.Resources, CPU: 7 } });
  const objects = (options: { readonly contextual: boolean }): unknown =>
    diffJobs(buildJob(), buildJob({ TaskGroups: [buildGroup({ Tasks: [changed] })] }), options)
      .TaskGroups?.[0]?.Tasks?.[0]?.Objects?.[0]?.Fields?.length;
  expect([objects({ contextual: false }), objects(contextual)]).toEqual([1, 7]);
});

test("annotations say what the change does", () => {
  const next = buildJob({ TaskGroups: [buildGroup({ Count: 3 })] });
  const diff = diffJobs(buildJob(), next, contextual);
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
  expect(() => diffJobs(buildJob(), buildJob(named("other")), contextual)).toThrow(
    "only versions of one job can be compared",
  );
});

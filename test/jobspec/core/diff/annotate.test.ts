import { expect, test } from "vitest";
import { annotateGroup } from "../../../../src/jobspec/core/diff/annotate.ts";
import { noUpdates } from "../../../../src/model/build.ts";
import type { DiffType, TaskDiff, TaskGroupDiff } from "../../../../src/model/job-diff.ts";

const field = (Name: string, Old: string, New: string, Type: DiffType = "Edited") => ({
  Type,
  Name,
  Old,
  New,
  Annotations: null,
});
const object = (Name: string, fields: readonly ReturnType<typeof field>[] = []) => ({
  Type: "Edited" as const,
  Name,
  Fields: fields,
  Objects: null,
});
const group = (change: Partial<TaskGroupDiff> = {}): TaskGroupDiff => ({
  Type: "Edited",
  Name: "g",
  Fields: null,
  Objects: null,
  Tasks: null,
  Updates: null,
  ...change,
});
const task = (change: Partial<TaskDiff>): TaskDiff => ({
  Type: "Edited",
  Name: "t",
  Fields: null,
  Objects: null,
  Annotations: null,
  ...change,
});
const annotated = (change: Partial<TaskDiff>, parent: DiffType = "Edited"): unknown =>
  annotateGroup(group({ Type: parent, Tasks: [task(change)] }), undefined).Tasks?.[0]?.Annotations;

test("the plan's counts are listed under the group, zeros left out", () => {
  const desired = { ...noUpdates, Place: 2, DestructiveUpdate: 1 };
  expect(annotateGroup(group(), desired).Updates).toEqual({
    create: 2,
    "create/destroy update": 1,
  });
  expect(annotateGroup(group(), undefined).Updates).toBeNull();
});

test.each([
  ["1", "3", "Edited", ["forces create"]],
  ["3", "1", "Edited", ["forces destroy"]],
  ["", "2", "Added", ["forces create"]],
  ["2", "", "Deleted", ["forces destroy"]],
  ["2", "2", "None", null],
] as const)("a count of %j to %j says %j", (old, next, type, annotations) => {
  const Fields = [field("Count", old, next, type)];
  expect(annotateGroup(group({ Fields }), undefined).Fields?.[0]?.Annotations).toEqual(annotations);
});

test.each([
  [{ Type: "None" }, "Edited", null],
  [{ Type: "Added" }, "Added", ["forces create"]],
  [{ Type: "Deleted" }, "Deleted", ["forces destroy"]],
  [
    { Type: "Added", Fields: [field("Driver", "", "x")] },
    "Edited",
    ["forces create/destroy update"],
  ],
  [{ Fields: [field("KillTimeout", "1", "2")] }, "Edited", ["forces in-place update"]],
  [{ Fields: [field("User", "a", "b")] }, "Edited", ["forces create/destroy update"]],
  [{ Objects: [object("Service")] }, "Edited", ["forces in-place update"]],
  [
    { Objects: [object("Constraint"), object("Config")] },
    "Edited",
    ["forces create/destroy update"],
  ],
  [
    { Objects: [object("LogConfig", [field("MaxFiles", "1", "2")])] },
    "Edited",
    ["forces in-place update"],
  ],
  [
    { Objects: [object("LogConfig", [field("Disabled", "false", "true")])] },
    "Edited",
    ["forces create/destroy update"],
  ],
] as const)("the task %j in a group that is %s says %j", (change, parent, annotations) => {
  expect(annotated(change, parent)).toEqual(annotations);
});

test.each(["Service", "Constraint", "Affinity", "Spread"])(
  "a running task takes a change of its %s",
  (name) => {
    expect(annotated({ Objects: [object(name)] })).toEqual(["forces in-place update"]);
  },
);

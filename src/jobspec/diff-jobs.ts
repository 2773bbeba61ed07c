import { annotateGroup } from "./core/diff/annotate.ts";
import { fieldDiffs, flatFields } from "./core/diff/diff-fields.ts";
import { childObjects, orNull, sideType } from "./core/diff/diff-objects.ts";
import { groupSchema, jobSchema } from "./core/model/job-schema.ts";
import { taskSchema } from "./core/model/task-schema.ts";
import type { Schema } from "./core/model/schema.ts";
import { isDeepEqual } from "../lib/deep-equal.ts";
import { assert } from "../lib/errors.ts";
import type { JsonObject } from "../lib/json.ts";
import type { DiffType, JobDiff, TaskDiff, TaskGroupDiff } from "../model/job-diff.ts";
import { isSameJobSpec } from "../model/job-spec.ts";
import type { Job, Task, TaskGroup } from "../model/job.ts";
import type { PlanAnnotations } from "../model/plan.ts";

/**
 * What changes between two stored versions of one job; null stands for "no job". All groups and tasks are listed,
 * equal ones as None. `contextual` also lists the unchanged fields of changed objects.
 */
export function diffJobs(
  before: Job | null,
  after: Job | null,
  options: { readonly contextual: boolean },
): JobDiff {
  assert(
    before === null || after === null || before.ID === after.ID,
    "only versions of one job can be compared",
  );
  const { contextual } = options;
  const objects = childObjects(jobSchema, plain(before), plain(after), contextual);
  return {
    Type: jobType(before, after),
    ID: after?.ID ?? before?.ID ?? "",
    Fields: fieldsOf(jobSchema, before, after),
    Objects: orNull(objects.filter((object) => object.Type !== "None")),
    TaskGroups: orNull(
      pairsByName(before?.TaskGroups ?? [], after?.TaskGroups ?? []).map(([old, next]) =>
        groupDiff(old, next, contextual),
      ),
    ),
  };
}

/** Adds what the changes mean: to tasks and counts from the diff alone, to groups from the scheduler's plan. */
export function annotateDiff(diff: JobDiff, annotations: PlanAnnotations | null): JobDiff {
  return {
    ...diff,
    TaskGroups:
      diff.TaskGroups?.map((group) =>
        annotateGroup(group, annotations?.DesiredTGUpdates[group.Name]),
      ) ?? null,
  };
}

function jobType(before: Job | null, after: Job | null): DiffType {
  if (before === null || after === null) return sideType(before, after);
  return isSameJobSpec(before, after) ? "None" : "Edited";
}

function groupDiff(
  old: TaskGroup | null,
  next: TaskGroup | null,
  contextual: boolean,
): TaskGroupDiff {
  const tasks = pairsByName(old?.Tasks ?? [], next?.Tasks ?? []);
  return {
    Type: changeType(old, next),
    Name: next?.Name ?? old?.Name ?? "",
    Fields: fieldsOf(groupSchema, old, next),
    Objects: objectsOf(groupSchema, old, next, contextual),
    Tasks: orNull(tasks.map(([before, after]) => taskDiff(before, after, contextual))),
    Updates: null,
  };
}

const taskDiff = (old: Task | null, next: Task | null, contextual: boolean): TaskDiff => ({
  Type: changeType(old, next),
  Name: next?.Name ?? old?.Name ?? "",
  Fields: fieldsOf(taskSchema, old, next),
  Objects: objectsOf(taskSchema, old, next, contextual),
  Annotations: null,
});

const changeType = (old: unknown, next: unknown): DiffType =>
  isDeepEqual(old, next) ? "None" : sideType(old, next);

/** Jobs, groups and tasks list only the fields that change, whatever the context asked for. */
const fieldsOf = (schema: Schema, old: object | null, next: object | null): JobDiff["Fields"] =>
  orNull(fieldDiffs(flatFields(schema, plain(old)), flatFields(schema, plain(next)), false));

const objectsOf = (
  schema: Schema,
  old: object | null,
  next: object | null,
  contextual: boolean,
): JobDiff["Objects"] => orNull(childObjects(schema, plain(old), plain(next), contextual));

/** The stored job is JSON; its interfaces only lack the index signature that says so. */
const plain = (value: object | null): JsonObject | null => value as JsonObject | null;

function pairsByName<T extends { readonly Name: string }>(
  old: readonly T[],
  next: readonly T[],
): readonly (readonly [T | null, T | null])[] {
  const before = new Map(old.map((item) => [item.Name, item]));
  const after = new Map(next.map((item) => [item.Name, item]));
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.map((name) => [before.get(name) ?? null, after.get(name) ?? null]);
}

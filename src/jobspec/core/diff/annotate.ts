import type { FieldDiff, TaskDiff, TaskGroupDiff } from "../../../model/job-diff.ts";
import type { DesiredUpdates } from "../../../model/plan.ts";

const forcesCreate = "forces create";
const forcesDestroy = "forces destroy";
const forcesInPlace = "forces in-place update";
const forcesReplace = "forces create/destroy update";

/** Objects whose change a running task can take; every other one needs a new task. */
const gentle: ReadonlySet<string> = new Set(["Service", "Constraint", "Affinity", "Spread"]);

const updateNames = [
  ["ignore", "Ignore"],
  ["create", "Place"],
  ["destroy", "Stop"],
  ["migrate", "Migrate"],
  ["canary", "Canary"],
  ["in-place update", "InPlaceUpdate"],
  ["create/destroy update", "DestructiveUpdate"],
] as const;

/** What the changes of a group mean for its allocations. */
export function annotateGroup(
  group: TaskGroupDiff,
  desired: DesiredUpdates | undefined,
): TaskGroupDiff {
  return {
    ...group,
    Updates: desired === undefined ? group.Updates : updatesOf(desired),
    Fields: group.Fields?.map((field) => annotateCount(field)) ?? null,
    Tasks: group.Tasks?.map((task) => annotateTask(task, group)) ?? null,
  };
}

const updatesOf = (desired: DesiredUpdates): TaskGroupDiff["Updates"] =>
  Object.fromEntries(
    updateNames.flatMap(([name, field]) =>
      desired[field] === 0 ? [] : [[name, desired[field]] as const],
    ),
  );

function annotateCount(field: FieldDiff): FieldDiff {
  if (field.Name !== "Count" || field.Type === "None") return field;
  const grows = Number(field.Old) < Number(field.New);
  return { ...field, Annotations: [grows ? forcesCreate : forcesDestroy] };
}

function annotateTask(task: TaskDiff, group: TaskGroupDiff): TaskDiff {
  if (task.Type === "None") return task;
  return { ...task, Annotations: [taskAnnotation(task, group)] };
}

function taskAnnotation(task: TaskDiff, group: TaskGroupDiff): string {
  if (group.Type === "Added" && task.Type === "Added") return forcesCreate;
  if (group.Type === "Deleted" && task.Type === "Deleted") return forcesDestroy;
  return needsNewTask(task) ? forcesReplace : forcesInPlace;
}

function needsNewTask(task: TaskDiff): boolean {
  const isChanged = (field: FieldDiff): boolean => field.Type !== "None";
  if ((task.Fields ?? []).some((field) => isChanged(field) && field.Name !== "KillTimeout"))
    return true;
  return (task.Objects ?? []).some((object) => {
    if (object.Name !== "LogConfig") return !gentle.has(object.Name);
    return (object.Fields ?? []).some((field) => field.Name === "Disabled" && isChanged(field));
  });
}

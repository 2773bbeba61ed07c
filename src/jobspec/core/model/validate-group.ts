import type { Job, ScalingPolicy, TaskGroup, VolumeRequest } from "../../../model/job.ts";
import { eachOf, faultsOf, nested, quoted, repeated, within } from "./faults.ts";
import type { JobFault } from "./faults.ts";
import { networksFaults } from "./validate-network.ts";
import { affinitiesFaults, constraintsFaults, spreadsFaults } from "./validate-placement.ts";
import type { RegexFault } from "./validate-placement.ts";
import {
  disconnectFaults,
  ephemeralDiskFaults,
  migrateFaults,
  rescheduleFaults,
  restartFaults,
  updateFaults,
} from "./validate-policies.ts";
import { portLabelsOf, providerFaults, servicesFaults } from "./validate-service.ts";
import { taskFaults } from "./validate-task.ts";

export function groupFaults(group: TaskGroup, job: Job, regexFault: RegexFault): JobFault[] {
  return [
    ...faultsOf(
      [group.Name === "", "Missing task group name", "Name"],
      [group.Name.includes("\0"), "Task group name contains null character", "Name"],
      [group.Count < 0, "Task group count can't be negative", "Count"],
      [group.Tasks.length === 0, "Missing tasks for task group"],
      [
        group.MaxRunDuration !== null && job.Type !== "batch" && job.Type !== "sysbatch",
        () =>
          `max_run_duration is only allowed in batch and sysbatch jobs, not ${quoted(job.Type)}`,
        "MaxRunDuration",
      ],
      [
        (group.MaxRunDuration ?? 0) < 0,
        "max_run_duration must be a positive value",
        "MaxRunDuration",
      ],
    ),
    ...constraintsFaults(group.Constraints, regexFault),
    ...affinitiesFaults(group.Affinities, job.Type, regexFault),
    ...spreadsFaults(group.Spreads, job.Type),
    ...policiesFaults(group, job),
    ...tasksTogetherFaults(group),
    ...volumesFaults(group, job.Type),
    ...nested("Task group network validation failed", networksFaults(group)),
    ...nested("Task group service validation failed", groupServicesFaults(group)),
    ...nested("Task group scaling policy validation failed", groupScalingFaults(group)),
    ...eachOf("Tasks", group.Tasks, (task) =>
      nested(`Task ${task.Name} validation failed`, taskFaults(task, group, job.Type, regexFault)),
    ),
  ];
}

function policiesFaults(group: TaskGroup, job: Job): JobFault[] {
  const isSystem = job.Type === "system" || job.Type === "sysbatch";
  const { RestartPolicy: restart, ReschedulePolicy: reschedule, EphemeralDisk: disk } = group;
  return [
    ...(restart === null
      ? faultsOf([true, `Task Group ${group.Name} should have a restart policy`])
      : within(["RestartPolicy"], restartFaults(restart))),
    ...(reschedule === null
      ? faultsOf([!isSystem, `Task Group ${group.Name} should have a reschedule policy`])
      : isSystem
        ? faultsOf([true, "System jobs should not have a reschedule policy", "ReschedulePolicy"])
        : within(["ReschedulePolicy"], rescheduleFaults(reschedule))),
    ...(disk === null
      ? faultsOf([true, `Task Group ${group.Name} should have an ephemeral disk object`])
      : within(["EphemeralDisk"], ephemeralDiskFaults(disk))),
    ...(group.Update === null ? [] : within(["Update"], updateFaults(group.Update, job.Type))),
    ...(group.Migrate === null ? [] : within(["Migrate"], migrateFaults(group.Migrate, job.Type))),
    ...(group.Disconnect === null
      ? []
      : within(
          ["Disconnect"],
          nested(
            "Disconnect block validation failed",
            disconnectFaults(group.Disconnect, job.Type),
          ),
        )),
  ];
}

function tasksTogetherFaults(group: TaskGroup): JobFault[] {
  const leaders = group.Tasks.filter((task) => task.Leader).length;
  const names = group.Tasks.map((task) => task.Name);
  return [
    ...eachOf("Tasks", names, (name, at) =>
      faultsOf([name === "", `Task ${at + 1} missing name`, "Name"]),
    ),
    ...repeated(names)
      .filter(({ name }) => name !== "")
      .map(({ name, first, again }): JobFault => ({
        text: `Task ${again} redefines '${name}' from task ${first}`,
        path: ["Tasks", again - 1, "Name"],
      })),
    ...faultsOf([leaders > 1, "Only one task may be marked as leader"]),
  ];
}

function groupServicesFaults(group: TaskGroup): JobFault[] {
  const everywhere = [
    ...(group.Services ?? []),
    ...group.Tasks.flatMap((task) => task.Services ?? []),
  ];
  return [
    ...servicesFaults(group.Services, {
      portLabels: new Set(portLabelsOf(group.Networks)),
      taskNames: group.Tasks.map((task) => task.Name),
      isTask: false,
    }),
    ...providerFaults(everywhere),
  ];
}

const volumesFaults = (group: TaskGroup, type: string): JobFault[] =>
  Object.entries(group.Volumes ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, request]) =>
      within(
        ["Volumes", name],
        nested(`Task group volume validation for ${name} failed`, [
          ...volumeFaults(request),
          ...faultsOf(
            [
              request.PerAlloc && (type === "system" || type === "sysbatch"),
              "volume cannot be per_alloc for system or sysbatch jobs",
              "PerAlloc",
            ],
            [
              request.PerAlloc && (group.Update?.Canary ?? 0) > 0,
              "volume cannot be per_alloc when canaries are in use",
              "PerAlloc",
            ],
          ),
        ]),
      ),
    );

function volumeFaults(request: VolumeRequest): JobFault[] {
  return faultsOf(
    [request.Source === "", "volume has an empty source", "Source"],
    [
      request.Type === "host" && request.MountOptions !== null,
      "host volumes do not support mount options",
      "Type",
    ],
  );
}

function groupScalingFaults(group: TaskGroup): JobFault[] {
  const policy = group.Scaling;
  if (policy === null) return [];
  return [
    ...within(["Scaling"], scalingFaults(policy)),
    ...faultsOf(
      [
        group.Count > policy.Max,
        () =>
          `task group count ${group.Count} must not be greater than maximum count ${policy.Max} in scaling policy`,
        "Count",
      ],
      [
        group.Count < policy.Min,
        () =>
          `task group count ${group.Count} must not be less than minimum count ${policy.Min} in scaling policy`,
        "Count",
      ],
    ),
  ];
}

const scalingFaults = (policy: ScalingPolicy): JobFault[] =>
  faultsOf(
    [policy.Max < 0, "maximum count must be specified and non-negative", "Max"],
    [policy.Max < policy.Min, "maximum count must not be less than minimum count", "Max"],
    [policy.Min < 0, "minimum count must be specified and non-negative", "Min"],
  );

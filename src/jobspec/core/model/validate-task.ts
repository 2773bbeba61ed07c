import type { Resources, Task, TaskGroup, TaskLifecycle } from "../../../model/job.ts";
import { faultsOf, nested, quoted, repeated, time } from "./faults.ts";
import { affinitiesFaults, constraintsFaults } from "./validate-placement.ts";
import type { RegexFault } from "./validate-placement.ts";
import { restartFaults } from "./validate-policies.ts";
import { portLabelsOf, servicesFaults } from "./validate-service.ts";
import {
  artifactsFaults,
  escapesAllocation,
  identitiesFaults,
  templatesFaults,
} from "./validate-template.ts";

const groupOperands = ["distinct_hosts", "distinct_property"];
const propagationModes = ["", "private", "host-to-task", "bidirectional"];
/** The name of the folder that all tasks of an allocation share. */
const reservedName = "alloc";
const smallestMemoryMb = 10;
/** A memory_max that stands for no limit at all. */
const unlimitedMemory = -1;

export function taskFaults(
  task: Task,
  group: TaskGroup,
  type: string,
  regexFault: RegexFault,
): string[] {
  return [
    ...nameFaults(task.Name),
    ...faultsOf([task.Driver === "", "Missing task driver"]),
    ...delayFaults(task, group),
    ...resourcesFaults(task.Resources, regexFault),
    ...logFaults(task, group),
    ...constraintsFaults(task.Constraints, regexFault),
    ...(task.Constraints ?? []).flatMap((constraint, at) =>
      faultsOf([
        groupOperands.includes(constraint.Operand),
        () => `Constraint ${at + 1} has disallowed Operand at task level: ${constraint.Operand}`,
      ]),
    ),
    ...affinitiesFaults(task.Affinities, type, regexFault),
    ...(task.RestartPolicy === null ? [] : restartFaults(task.RestartPolicy)),
    ...servicesFaults(task.Services, {
      portLabels: new Set([
        // Of several networks of a group only the first serves its tasks.
        ...portLabelsOf(group.Networks?.slice(0, 1) ?? null),
        ...portLabelsOf(task.Resources.Networks),
      ]),
      taskNames: [task.Name],
      isTask: true,
    }),
    ...artifactsFaults(task.Artifacts),
    ...templatesFaults(task.Templates),
    ...payloadFaults(task),
    ...lifecycleFaults(task.Lifecycle),
    ...mountFaults(task, group),
    ...identitiesFaults(task.Identities),
    ...namedFaults(task),
  ];
}

function nameFaults(name: string): string[] {
  return faultsOf(
    [name === "", "Missing task name"],
    [/[/\\]/.test(name), "Task name cannot include slashes"],
    [name.includes("\0"), "Task name cannot include null characters"],
    [name === "." || name === "..", () => `Task name cannot be ${quoted(name)}`],
    [name === reservedName, () => `Task name ${quoted(name)} is reserved`],
  );
}

function delayFaults(task: Task, group: TaskGroup): string[] {
  const progress = group.Update?.ProgressDeadline ?? 0;
  return faultsOf(
    [task.KillTimeout < 0, "KillTimeout must be a positive value"],
    [
      progress > 0 && task.KillTimeout > progress,
      () =>
        `KillTimout (${time(task.KillTimeout)}) longer than the group's ProgressDeadline (${time(progress)})`,
    ],
    [task.ShutdownDelay < 0, "ShutdownDelay must be a positive value"],
  );
}

function resourcesFaults(resources: Resources, regexFault: RegexFault): string[] {
  const { CPU: cpu, Cores: cores, MemoryMB: memory, MemoryMaxMB: memoryMax } = resources;
  return [
    ...faultsOf(
      [cores > 0 && cpu > 0, "Task can only ask for 'cpu' or 'cores' resource, not both."],
      [cores <= 0 && cpu < 1, () => `minimum CPU value is 1; got ${cpu}`],
      [
        memory < smallestMemoryMb,
        () => `minimum MemoryMB value is ${smallestMemoryMb}; got ${memory}`,
      ],
      [
        resources.DiskMB > 0,
        "Task can't ask for disk resources, they have to be specified at the task group level.",
      ],
      [
        memoryMax !== 0 && memoryMax !== unlimitedMemory && memoryMax < memory,
        () => `MemoryMaxMB value (${memoryMax}) should be larger than MemoryMB value (${memory})`,
      ],
      [
        resources.SecretsMB < 0,
        () => `SecretsMB value (${resources.SecretsMB}) must not be negative`,
      ],
      [
        resources.SecretsMB > memory,
        () =>
          `SecretsMB value (${resources.SecretsMB}) cannot be greater than MemoryMB value (${memory})`,
      ],
    ),
    ...devicesFaults(resources, regexFault),
  ];
}

const devicesFaults = (resources: Resources, regexFault: RegexFault): string[] =>
  (resources.Devices ?? []).flatMap((device, at) =>
    nested(`device ${at + 1} failed validation`, [
      ...faultsOf([
        device.Name === "",
        "device name must be given as one of the following: type, vendor/type, or vendor/type/name",
      ]),
      ...(device.Constraints ?? []).flatMap((constraint, index) =>
        faultsOf([
          groupOperands.includes(constraint.Operand),
          () =>
            `Constraint ${index + 1} validation failed: using unsupported operand ${quoted(constraint.Operand)}`,
        ]),
      ),
      ...constraintsFaults(device.Constraints, regexFault),
      ...affinitiesFaults(device.Affinities, "service", regexFault),
    ]),
  );

function logFaults(task: Task, group: TaskGroup): string[] {
  const { MaxFiles: files, MaxFileSizeMB: size } = task.LogConfig;
  const disk = group.EphemeralDisk?.SizeMB;
  return faultsOf(
    [files < 1, () => `minimum number of files is 1; got ${files}`],
    [size < 1, () => `minimum file size is 1MB; got ${size}`],
    [
      disk !== undefined && disk >= 10 && disk <= files * size,
      () =>
        `log storage (${files * size} MB) must be less than requested disk capacity (${disk ?? 0} MB)`,
    ],
  );
}

function payloadFaults(task: Task): string[] {
  const payload = task.DispatchPayload;
  if (payload === null) return [];
  return nested(
    "Dispatch Payload validation failed",
    faultsOf([
      escapesAllocation(payload.File, 2),
      "DispatchPayload.File escapes the allocation directory",
    ]),
  );
}

function lifecycleFaults(lifecycle: TaskLifecycle | null): string[] {
  if (lifecycle === null) return [];
  const { Hook: hook } = lifecycle;
  return nested(
    "Task Lifecycle validation failed",
    faultsOf(
      [hook === "", "no lifecycle hook provided"],
      [!["", "prestart", "poststart", "poststop"].includes(hook), () => `invalid hook: ${hook}`],
    ),
  );
}

const mountFaults = (task: Task, group: TaskGroup): string[] =>
  (task.VolumeMounts ?? []).flatMap((mount, at) =>
    faultsOf(
      [
        !propagationModes.includes(mount.PropagationMode),
        () =>
          `Volume Mount (${at}) has an invalid propagation mode: ${quoted(mount.PropagationMode)}`,
      ],
      [
        !["", "z", "Z"].includes(mount.SELinuxLabel),
        () => `Volume Mount (${at}) has an invalid SELinux label: ${quoted(mount.SELinuxLabel)}`,
      ],
      [mount.Volume === "", () => `Volume Mount (${at}) references an empty volume`],
      [
        mount.Volume !== "" && !Object.hasOwn(group.Volumes ?? {}, mount.Volume),
        () => `Volume Mount (${at}) references undefined volume ${mount.Volume}`,
      ],
      [mount.Destination === "", () => `Volume Mount (${at}) has an empty destination`],
    ),
  );

/** Actions and secrets are found by name, so names must be there and unique. */
function namedFaults(task: Task): string[] {
  const actions = task.Actions ?? [];
  const names = actions.map((action) => action.Name);
  return [
    ...repeated(names).map(({ name }) => `Action ${quoted(name)} defined more than once`),
    ...actions.flatMap((action) =>
      nested(
        `Action ${quoted(action.Name)} validation failed`,
        faultsOf(
          [action.Command === "", "command cannot be empty"],
          [
            !/^[a-zA-Z0-9-_]{1,128}$/.test(action.Name),
            () => `invalid name ${quoted(action.Name)}: must match regex ^[a-zA-Z0-9-_]{1,128}$`,
          ],
        ),
      ),
    ),
    ...(task.Secrets ?? []).flatMap((secret) =>
      nested(
        `Secret ${quoted(textOf(secret["Name"]))} is invalid`,
        faultsOf(
          [textOf(secret["Name"]) === "", "secret name cannot be empty"],
          [textOf(secret["Provider"]) === "", "secret provider cannot be empty"],
          [textOf(secret["Path"]) === "", "secret path cannot be empty"],
        ),
      ),
    ),
    ...repeated((task.Secrets ?? []).map((secret) => JSON.stringify(secret["Name"] ?? ""))).map(
      ({ name }) => `Secret ${name} defined more than once`,
    ),
  ];
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

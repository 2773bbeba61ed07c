import type { Resources, Task, TaskGroup, TaskLifecycle } from "../../../model/job.ts";
import { eachOf, faultsOf, nested, quoted, repeated, time, within } from "./faults.ts";
import type { JobFault } from "./faults.ts";
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
): JobFault[] {
  return [
    ...nameFaults(task.Name),
    ...faultsOf([task.Driver === "", "Missing task driver", "Driver"]),
    ...delayFaults(task, group),
    ...within(["Resources"], resourcesFaults(task.Resources, regexFault)),
    ...within(["LogConfig"], logFaults(task, group)),
    ...constraintsFaults(task.Constraints, regexFault),
    ...eachOf("Constraints", task.Constraints, (constraint, at) =>
      faultsOf([
        groupOperands.includes(constraint.Operand),
        () => `Constraint ${at + 1} has disallowed Operand at task level: ${constraint.Operand}`,
        "Operand",
      ]),
    ),
    ...affinitiesFaults(task.Affinities, type, regexFault),
    ...(task.RestartPolicy === null
      ? []
      : within(["RestartPolicy"], restartFaults(task.RestartPolicy))),
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

function nameFaults(name: string): JobFault[] {
  return faultsOf(
    [name === "", "Missing task name", "Name"],
    [/[/\\]/.test(name), "Task name cannot include slashes", "Name"],
    [name.includes("\0"), "Task name cannot include null characters", "Name"],
    [name === "." || name === "..", () => `Task name cannot be ${quoted(name)}`, "Name"],
    [name === reservedName, () => `Task name ${quoted(name)} is reserved`, "Name"],
  );
}

function delayFaults(task: Task, group: TaskGroup): JobFault[] {
  const progress = group.Update?.ProgressDeadline ?? 0;
  return faultsOf(
    [task.KillTimeout < 0, "KillTimeout must be a positive value", "KillTimeout"],
    [
      progress > 0 && task.KillTimeout > progress,
      () =>
        `KillTimout (${time(task.KillTimeout)}) longer than the group's ProgressDeadline (${time(progress)})`,
      "KillTimeout",
    ],
    [task.ShutdownDelay < 0, "ShutdownDelay must be a positive value", "ShutdownDelay"],
  );
}

function resourcesFaults(resources: Resources, regexFault: RegexFault): JobFault[] {
  const { CPU: cpu, Cores: cores, MemoryMB: memory, MemoryMaxMB: memoryMax } = resources;
  return [
    ...faultsOf(
      [cores > 0 && cpu > 0, "Task can only ask for 'cpu' or 'cores' resource, not both.", "Cores"],
      [cores <= 0 && cpu < 1, () => `minimum CPU value is 1; got ${cpu}`, "CPU"],
      [
        memory < smallestMemoryMb,
        () => `minimum MemoryMB value is ${smallestMemoryMb}; got ${memory}`,
        "MemoryMB",
      ],
      [
        resources.DiskMB > 0,
        "Task can't ask for disk resources, they have to be specified at the task group level.",
        "DiskMB",
      ],
      [
        memoryMax !== 0 && memoryMax !== unlimitedMemory && memoryMax < memory,
        () => `MemoryMaxMB value (${memoryMax}) should be larger than MemoryMB value (${memory})`,
        "MemoryMaxMB",
      ],
      [
        resources.SecretsMB < 0,
        () => `SecretsMB value (${resources.SecretsMB}) must not be negative`,
        "SecretsMB",
      ],
      [
        resources.SecretsMB > memory,
        () =>
          `SecretsMB value (${resources.SecretsMB}) cannot be greater than MemoryMB value (${memory})`,
        "SecretsMB",
      ],
    ),
    ...devicesFaults(resources, regexFault),
  ];
}

const devicesFaults = (resources: Resources, regexFault: RegexFault): JobFault[] =>
  eachOf("Devices", resources.Devices, (device, at) =>
    nested(`device ${at + 1} failed validation`, [
      ...faultsOf([
        device.Name === "",
        "device name must be given as one of the following: type, vendor/type, or vendor/type/name",
        "Name",
      ]),
      ...eachOf("Constraints", device.Constraints, (constraint, index) =>
        faultsOf([
          groupOperands.includes(constraint.Operand),
          () =>
            `Constraint ${index + 1} validation failed: using unsupported operand ${quoted(constraint.Operand)}`,
          "Operand",
        ]),
      ),
      ...constraintsFaults(device.Constraints, regexFault),
      ...affinitiesFaults(device.Affinities, "service", regexFault),
    ]),
  );

function logFaults(task: Task, group: TaskGroup): JobFault[] {
  const { MaxFiles: files, MaxFileSizeMB: size } = task.LogConfig;
  const disk = group.EphemeralDisk?.SizeMB;
  return faultsOf(
    [files < 1, () => `minimum number of files is 1; got ${files}`, "MaxFiles"],
    [size < 1, () => `minimum file size is 1MB; got ${size}`, "MaxFileSizeMB"],
    [
      disk !== undefined && disk >= 10 && disk <= files * size,
      () =>
        `log storage (${files * size} MB) must be less than requested disk capacity (${disk ?? 0} MB)`,
      "MaxFiles",
    ],
  );
}

function payloadFaults(task: Task): JobFault[] {
  const payload = task.DispatchPayload;
  if (payload === null) return [];
  const faults = faultsOf([
    escapesAllocation(payload.File, 2),
    "DispatchPayload.File escapes the allocation directory",
    "File",
  ]);
  return within(["DispatchPayload"], nested("Dispatch Payload validation failed", faults));
}

function lifecycleFaults(lifecycle: TaskLifecycle | null): JobFault[] {
  if (lifecycle === null) return [];
  const { Hook: hook } = lifecycle;
  const faults = faultsOf(
    [hook === "", "no lifecycle hook provided", "Hook"],
    [
      !["", "prestart", "poststart", "poststop"].includes(hook),
      () => `invalid hook: ${hook}`,
      "Hook",
    ],
  );
  return within(["Lifecycle"], nested("Task Lifecycle validation failed", faults));
}

const mountFaults = (task: Task, group: TaskGroup): JobFault[] =>
  eachOf("VolumeMounts", task.VolumeMounts, (mount, at) =>
    faultsOf(
      [
        !propagationModes.includes(mount.PropagationMode),
        () =>
          `Volume Mount (${at}) has an invalid propagation mode: ${quoted(mount.PropagationMode)}`,
        "PropagationMode",
      ],
      [
        !["", "z", "Z"].includes(mount.SELinuxLabel),
        () => `Volume Mount (${at}) has an invalid SELinux label: ${quoted(mount.SELinuxLabel)}`,
        "SELinuxLabel",
      ],
      [mount.Volume === "", () => `Volume Mount (${at}) references an empty volume`, "Volume"],
      [
        mount.Volume !== "" && !Object.hasOwn(group.Volumes ?? {}, mount.Volume),
        () => `Volume Mount (${at}) references undefined volume ${mount.Volume}`,
        "Volume",
      ],
      [
        mount.Destination === "",
        () => `Volume Mount (${at}) has an empty destination`,
        "Destination",
      ],
    ),
  );

/** Actions and secrets are found by name, so names must be there and unique. */
function namedFaults(task: Task): JobFault[] {
  const actions = task.Actions ?? [];
  const names = actions.map((action) => action.Name);
  return [
    ...repeated(names).map(({ name, again }): JobFault => ({
      text: `Action ${quoted(name)} defined more than once`,
      path: ["Actions", again - 1],
    })),
    ...eachOf("Actions", actions, (action) =>
      nested(
        `Action ${quoted(action.Name)} validation failed`,
        faultsOf(
          [action.Command === "", "command cannot be empty", "Command"],
          [
            !/^[a-zA-Z0-9-_]{1,128}$/.test(action.Name),
            () => `invalid name ${quoted(action.Name)}: must match regex ^[a-zA-Z0-9-_]{1,128}$`,
            "Name",
          ],
        ),
      ),
    ),
    ...eachOf("Secrets", task.Secrets, (secret) =>
      nested(
        `Secret ${quoted(textOf(secret["Name"]))} is invalid`,
        faultsOf(
          [textOf(secret["Name"]) === "", "secret name cannot be empty", "Name"],
          [textOf(secret["Provider"]) === "", "secret provider cannot be empty", "Provider"],
          [textOf(secret["Path"]) === "", "secret path cannot be empty", "Path"],
        ),
      ),
    ),
    ...repeated((task.Secrets ?? []).map((secret) => JSON.stringify(secret["Name"] ?? ""))).map(
      ({ name, again }): JobFault => ({
        text: `Secret ${name} defined more than once`,
        path: ["Secrets", again - 1],
      }),
    ),
  ];
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

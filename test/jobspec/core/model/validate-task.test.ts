import { expect, test } from "vitest";
import { textsOf } from "../../../../src/jobspec/core/model/faults.ts";
import { taskFaults } from "../../../../src/jobspec/core/model/validate-task.ts";
import { admittedGroup, admittedTask } from "../../../support/admitted-job.ts";
import { faultsOfTask } from "../../../support/job-faults.ts";

test("a sound task has no faults", () => {
  expect(textsOf(taskFaults(admittedTask(), admittedGroup(), "service", () => undefined))).toEqual(
    [],
  );
});

test.each([
  [{ Name: "" }, "Missing task name"],
  [{ Name: "a/b" }, "Task name cannot include slashes"],
  [{ Name: "a\0b" }, "Task name cannot include null characters"],
  [{ Name: "alloc" }, 'Task name "alloc" is reserved'],
  [{ Name: ".." }, 'Task name cannot be ".."'],
  [{ Driver: "" }, "Missing task driver"],
  [{ KillTimeout: -1 }, "KillTimeout must be a positive value"],
  [{ KillTimeout: 660e9 }, "KillTimout (11m0s) longer than the group's ProgressDeadline (10m0s)"],
  [{ ShutdownDelay: -1 }, "ShutdownDelay must be a positive value"],
  [{ Resources: { CPU: 100, Cores: 1 } }, "Task can only ask for 'cpu' or 'cores' resource"],
  [{ Resources: { CPU: 0 } }, "minimum CPU value is 1; got 0"],
  [{ Resources: { MemoryMB: 2 } }, "minimum MemoryMB value is 10; got 2"],
  [{ Resources: { DiskMB: 2 } }, "Task can't ask for disk resources"],
  [{ Resources: { MemoryMaxMB: 20 } }, "MemoryMaxMB value (20) should be larger than MemoryMB"],
  [{ Resources: { MemoryMaxMB: -2 } }, "MemoryMaxMB value (-2) should be larger than MemoryMB"],
  [{ Resources: { Devices: [{ Name: "" }] } }, "device name must be given as one of the following"],
  [
    { Resources: { Devices: [{ Name: "gpu", Constraints: [{ Operand: "distinct_hosts" }] }] } },
    'using unsupported operand "distinct_hosts"',
  ],
  [
    { Resources: { Devices: [{ Name: "gpu", Constraints: [{ LTarget: "${a}", Operand: "~" }] }] } },
    'Unknown constraint type "~"',
  ],
  [
    { Resources: { Devices: [{ Name: "gpu", Affinities: [{ LTarget: "${a}", Operand: "~" }] }] } },
    'Unknown affinity operator "~"',
  ],
  [{ Resources: { SecretsMB: 400 } }, "SecretsMB value (400) cannot be greater than MemoryMB"],
  [{ LogConfig: { MaxFiles: 0 } }, "minimum number of files is 1; got 0"],
  [{ LogConfig: { MaxFileSizeMB: 0 } }, "minimum file size is 1MB; got 0"],
  [{ LogConfig: { MaxFileSizeMB: 30 } }, "log storage (300 MB) must be less than requested disk"],
  [
    { Constraints: [{ Operand: "distinct_hosts", RTarget: "true" }] },
    "Constraint 1 has disallowed Operand at task level: distinct_hosts",
  ],
  [{ RestartPolicy: { Mode: "retry" } }, 'Unsupported restart mode: "retry"'],
  [{ DispatchPayload: { File: "../../../x" } }, "DispatchPayload.File escapes"],
  [{ Lifecycle: { Hook: "midway" } }, "invalid hook: midway"],
  [{ Lifecycle: { Sidecar: true } }, "no lifecycle hook provided"],
  [{ VolumeMounts: [{ Volume: "v" }] }, "Volume Mount (0) references undefined volume v"],
  [{ VolumeMounts: [{}] }, "Volume Mount (0) references an empty volume"],
  [{ VolumeMounts: [{ PropagationMode: "x" }] }, "has an invalid propagation mode"],
  [{ Actions: [{ Name: "a" }] }, "command cannot be empty"],
  [{ Actions: [{ Name: "a b", Command: "c" }] }, "must match regex"],
  [
    {
      Actions: [
        { Name: "a", Command: "c" },
        { Name: "a", Command: "d" },
      ],
    },
    'Action "a" defined more than once',
  ],
  [{ Secrets: [{ Name: "s" }, { Name: "s" }] }, 'Secret "s" defined more than once'],
])("the task %j is refused", (task, fault) => {
  expect(faultsOfTask(task)).toContain(fault);
});

test("whole cores need no cpu", () => {
  expect(faultsOfTask({ Resources: { Cores: 2 } })).toBe("");
});

test("a mount of a declared volume is fine", () => {
  const VolumeMounts = [{ Volume: "v", Destination: "/v" }];
  const Volumes = { v: { Name: "v", Type: "host", Source: "data" } };
  expect(faultsOfTask({ VolumeMounts }, { Volumes })).toBe("");
});

test("no limit of memory and any label of SELinux's are fine", () => {
  expect(faultsOfTask({ Resources: { MemoryMaxMB: -1 } })).toBe("");
  const mount = { Volume: "v", Destination: "/d" };
  const group = { Volumes: { v: { Type: "host", Source: "s" } } };
  expect(faultsOfTask({ VolumeMounts: [{ ...mount, SELinuxLabel: "Z" }] }, group)).toBe("");
  expect(faultsOfTask({ VolumeMounts: [{ ...mount, SELinuxLabel: "y" }] }, group)).toContain(
    'has an invalid SELinux label: "y"',
  );
});

test("what a service of a task may name are the ports of the group's first network", () => {
  const Networks = [{ Mode: "host" }, { DynamicPorts: [{ Label: "p" }] }];
  const Services = [{ Name: "s", Provider: "nomad", PortLabel: "p" }];
  expect(faultsOfTask({ Services }, { Networks })).toContain('port label "p" referenced');
  expect(faultsOfTask({ Services }, { Networks: Networks.toReversed() })).toBe("");
});

test.each([
  [{ Name: "..." }],
  [{ Name: "a".repeat(200) }],
  [{ KillTimeout: 0 }],
  [{ KillTimeout: 600e9 }],
  [{ ShutdownDelay: 0 }],
  [{ Resources: { CPU: 1, Cores: 0 } }],
  [{ Resources: { MemoryMB: 10 } }],
  [{ Resources: { MemoryMB: 64, MemoryMaxMB: 64 } }],
  [{ Resources: { MemoryMB: 64, SecretsMB: 64 } }],
  [{ LogConfig: { MaxFiles: 1, MaxFileSizeMB: 1 } }],
  [{ LogConfig: { MaxFiles: 1, MaxFileSizeMB: 299 } }],
  [{ Constraints: [{ LTarget: "${a}", RTarget: "1", Operand: "=" }] }],
  [{ RestartPolicy: { Attempts: 0, Mode: "fail" } }],
  [{ DispatchPayload: { File: "local/x" } }],
  [{ Lifecycle: { Hook: "prestart" } }],
  [{ Lifecycle: { Hook: "poststart" } }],
  [{ Lifecycle: { Hook: "poststop" } }],
  [{ Actions: [{ Name: "a".repeat(128), Command: "c" }] }],
  [{ Secrets: ["a", "b"].map((Name) => ({ Name, Provider: "nomad", Path: "p" })) }],
])("the task %j is just right", (task) => {
  expect(faultsOfTask(task)).toBe("");
});

test.each([["private"], ["host-to-task"], ["bidirectional"]])(
  "a volume is mounted with the propagation mode %s",
  (PropagationMode) => {
    const VolumeMounts = [{ Volume: "v", Destination: "/v", PropagationMode }];
    const Volumes = { v: { Name: "v", Type: "host", Source: "data" } };
    expect(faultsOfTask({ VolumeMounts }, { Volumes })).toBe("");
  },
);

test.each([
  [{ Name: "a\\b" }, "Task name cannot include slashes"],
  [{ Name: "." }, 'Task name cannot be "."'],
  [{ Resources: { SecretsMB: -1 } }, "SecretsMB value (-1) must not be negative"],
  [{ Resources: { DiskMB: 1 } }, "Task can't ask for disk resources"],
  [{ Resources: { MemoryMB: 9 } }, "minimum MemoryMB value is 10; got 9"],
  [
    {
      Constraints: [
        { LTarget: "${a}", RTarget: "1", Operand: "=" },
        { LTarget: "${a}", Operand: "distinct_property" },
      ],
    },
    "Constraint 2 has disallowed Operand at task level: distinct_property",
  ],
  [{ VolumeMounts: [{ Volume: "v" }] }, "Volume Mount (0) has an empty destination"],
  [{ Actions: [{ Name: "a".repeat(129), Command: "c" }] }, "must match regex"],
  [{ LogConfig: { MaxFiles: 1, MaxFileSizeMB: 300 } }, "log storage (300 MB) must be less"],
])("the task %j is just wrong", (task, fault) => {
  expect(faultsOfTask(task)).toContain(fault);
});

test("a task without a progress deadline may take its time to stop", () => {
  const Update = { ProgressDeadline: 0 };
  expect(faultsOfTask({ KillTimeout: 3600e9 }, { Update })).toBe("");
});

test("a secret says where it is", () => {
  const secret = { Name: "s", Provider: "nomad", Path: "a/b" };
  expect(faultsOfTask({ Secrets: [secret] })).toBe("");
  expect(faultsOfTask({ Secrets: [{ ...secret, Provider: "" }] })).toContain(
    "secret provider cannot be empty",
  );
  expect(faultsOfTask({ Secrets: [{ ...secret, Path: "" }] })).toContain(
    "secret path cannot be empty",
  );
  expect(faultsOfTask({ Secrets: [{ ...secret, Name: "" }] })).toContain(
    "secret name cannot be empty",
  );
});

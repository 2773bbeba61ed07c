import { describe, expect, test } from "vitest";
import { decodeOptions } from "../../../src/drivers/core/option-table.ts";
import { containerConfig } from "../../../src/drivers/docker/container-config.ts";
import {
  defaultDockerConfig,
  type DockerPlugin,
  dockerOptions,
} from "../../../src/drivers/docker/options.ts";
import { policyFaults } from "../../../src/drivers/docker/policy.ts";
import type { TaskSpec } from "../../../src/drivers/port.ts";
import type { AllocatedPort } from "../../../src/model/allocation.ts";
import { allocationId } from "../../../src/model/ids.ts";
import type { JsonMap } from "../../../src/model/job.ts";

const http = { Label: "http", Value: 20_123, To: 80, HostIP: "10.0.0.1" } as AllocatedPort;
const spec: TaskSpec = {
  key: { allocationId: allocationId("5e0f3ac9-6e5c-4b4c-8a39-30b9e0dfcb01"), task: "we/b" },
  owner: { cluster: "c", nodeId: "n" },
  jobId: "job",
  namespace: "default",
  group: "group",
  specHash: "hash",
  attempt: 2,
  config: {},
  env: { A: "1" },
  user: "",
  resources: { cpuShares: 500, memoryMb: 64, memoryMaxMb: 0 },
  ports: [http],
  network: undefined,
  mounts: [],
  dns: undefined,
  directories: {
    allocation: "/a",
    shared: "/a/alloc",
    logs: "/a/alloc/logs",
    task: "/a/web",
    local: "/a/web/local",
    secrets: "/a/web/secrets",
  },
  logConfig: { MaxFiles: 2, MaxFileSizeMB: 1, Disabled: false },
};

interface Given {
  readonly plugin?: Partial<DockerPlugin>;
  readonly spec?: Partial<TaskSpec>;
  readonly cgroupVersion?: string;
}
function make(config: JsonMap, given: Given = {}): ReturnType<typeof containerConfig> {
  const { values, diagnostics } = decodeOptions({ image: "busybox", ...config }, dockerOptions);
  const plugin = { ...defaultDockerConfig, ...given.plugin };
  const faults = [...diagnostics, ...policyFaults(values, plugin)];
  expect(faults.filter(({ severity }) => severity === "error")).toEqual([]);
  return containerConfig({ ...spec, ...given.spec }, values, {
    plugin,
    imageId: "sha256:1",
    cgroupVersion: given.cgroupVersion ?? "2",
    processors: 2,
    binds: ["/a/alloc:/alloc"],
    mounts: [],
    securityOptions: ["no-new-privileges"],
  });
}
const privileged = { plugin: { allowPrivileged: true } };
const volumes = { plugin: { volumesEnabled: true } };
const mib = 1024 * 1024;

test("a task without options gets the safe defaults, and nothing else", () => {
  expect(make({})).toEqual({
    name: "we_b-5e0f3ac9-6e5c-4b4c-8a39-30b9e0dfcb01",
    Image: "sha256:1",
    Env: ["A=1"],
    Labels: {
      "com.hashicorp.nomad.alloc_id": "5e0f3ac9-6e5c-4b4c-8a39-30b9e0dfcb01",
      "io.nomad-ts.allocation": "5e0f3ac9-6e5c-4b4c-8a39-30b9e0dfcb01",
      "io.nomad-ts.attempt": "2",
      "io.nomad-ts.cluster": "c",
      "io.nomad-ts.node": "n",
      "io.nomad-ts.spec-hash": "hash",
      "io.nomad-ts.task": "we/b",
    },
    Tty: false,
    OpenStdin: false,
    ExposedPorts: {},
    HostConfig: {
      Memory: 64 * mib,
      MemorySwap: 64 * mib,
      CpuShares: 500,
      Ulimits: [],
      NetworkMode: "default",
      CapAdd: [],
      CapDrop: ["NET_RAW"],
      SecurityOpt: ["no-new-privileges"],
      Privileged: false,
      ReadonlyRootfs: false,
      Binds: ["/a/alloc:/alloc"],
      Mounts: [],
      PortBindings: {},
      LogConfig: { Type: "json-file", Config: { "max-file": "2", "max-size": "2m" } },
      Devices: [],
      RestartPolicy: { Name: "no" },
    },
  });
});

const published = {
  "80/tcp": [{ HostIp: "10.0.0.1", HostPort: "20123" }],
  "80/udp": [{ HostIp: "10.0.0.1", HostPort: "20123" }],
};
const onContainer: readonly (readonly [string, JsonMap, object, Given?])[] = [
  ["command", { command: "sh" }, { Cmd: ["sh"] }],
  ["command and args", { command: "sh", args: ["-c", "x"] }, { Cmd: ["sh", "-c", "x"] }],
  ["args alone", { args: ["-c"] }, { Cmd: ["-c"] }],
  ["entrypoint", { entrypoint: ["/e", "1"] }, { Entrypoint: ["/e", "1"] }],
  ["healthchecks", { healthchecks: { disable: true } }, { Healthcheck: { Test: ["NONE"] } }],
  ["hostname", { hostname: "h" }, { Hostname: "h" }],
  ["mac_address", { mac_address: "02:68:b3:29:da:98" }, { MacAddress: "02:68:b3:29:da:98" }],
  ["interactive", { interactive: true }, { OpenStdin: true }],
  ["tty", { tty: true }, { Tty: true }],
  ["work_dir", { work_dir: "/w" }, { WorkingDir: "/w" }],
  ["the task's user", {}, { User: "1000:1000" }, { spec: { user: "1000:1000" } }],
  ["ports", { ports: ["http"] }, { ExposedPorts: { "80/tcp": {}, "80/udp": {} } }],
  [
    "addresses and aliases",
    {
      network_mode: "net",
      ipv4_address: "10.1.1.1",
      ipv6_address: "fd00::1",
      network_aliases: ["x"],
    },
    {
      NetworkingConfig: {
        EndpointsConfig: {
          net: {
            Aliases: ["x"],
            IPAMConfig: { IPv4Address: "10.1.1.1", IPv6Address: "fd00::1" },
          },
        },
      },
    },
  ],
];
for (const [name, config, expected, given] of onContainer)
  test(`${name} is a field of the container`, () => {
    expect(make(config, given)).toMatchObject(expected);
  });

const onHost: readonly (readonly [string, JsonMap, object, Given?])[] = [
  ["cap_add", { cap_add: ["cap_chown"] }, { CapAdd: ["CHOWN"] }],
  ["cap_drop", { cap_drop: ["all"] }, { CapDrop: ["NET_RAW", "ALL"] }],
  [
    "a smaller allow_caps",
    {},
    { CapDrop: expect.arrayContaining(["CHOWN", "NET_RAW"]) },
    { plugin: { allowCaps: ["KILL"] } },
  ],
  [
    "allow_caps with NET_RAW",
    {},
    { CapDrop: [] },
    { plugin: { allowCaps: [...defaultDockerConfig.allowCaps, "NET_RAW"] } },
  ],
  ["cgroupns", { cgroupns: "host" }, { CgroupnsMode: "host" }],
  [
    "devices",
    { devices: [{ host_path: "/dev/null" }] },
    {
      Devices: [
        { PathOnHost: "/dev/null", PathInContainer: "/dev/null", CgroupPermissions: "rwm" },
      ],
    },
  ],
  [
    "devices in full",
    { devices: [{ host_path: "/dev/null", container_path: "/x", cgroup_permissions: "r" }] },
    { Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/x", CgroupPermissions: "r" }] },
  ],
  ["dns_servers", { dns_servers: ["1.1.1.1"] }, { Dns: ["1.1.1.1"] }],
  ["dns_search_domains", { dns_search_domains: ["a.b"] }, { DnsSearch: ["a.b"] }],
  ["dns_options", { dns_options: ["ndots:1"] }, { DnsOptions: ["ndots:1"] }],
  ["extra_hosts", { extra_hosts: ["a:1.1.1.1"] }, { ExtraHosts: ["a:1.1.1.1"] }],
  ["group_add", { group_add: ["g"] }, { GroupAdd: ["g"] }],
  ["init", { init: true }, { Init: true }],
  ["pid_mode", { pid_mode: "host" }, { PidMode: "host" }, privileged],
  ["ipc_mode", { ipc_mode: "host" }, { IpcMode: "host" }, privileged],
  ["userns_mode", { userns_mode: "host" }, { UsernsMode: "host" }, privileged],
  ["uts_mode", { uts_mode: "host" }, { UTSMode: "host" }, privileged],
  [
    "an allowed pid mode",
    { pid_mode: "container:x" },
    { PidMode: "container:x" },
    { plugin: { allowedModes: { ...defaultDockerConfig.allowedModes, pid: ["container:*"] } } },
  ],
  [
    "logging",
    { logging: { type: "syslog", driver: "none", config: { a: "b" } } },
    { LogConfig: { Type: "syslog", Config: { a: "b" } } },
  ],
  [
    "logging by its other name",
    { logging: { driver: "none" } },
    { LogConfig: { Type: "none", Config: {} } },
  ],
  [
    "logging without a type",
    { logging: { config: { "max-size": "1m" } } },
    { LogConfig: { Type: "json-file", Config: { "max-size": "1m" } } },
  ],
  [
    "memory_hard_limit",
    { memory_hard_limit: 128 },
    { Memory: 128 * mib, MemorySwap: 128 * mib, MemoryReservation: 64 * mib },
  ],
  [
    "memory_max",
    {},
    { Memory: 256 * mib, MemorySwap: 256 * mib, MemoryReservation: 64 * mib },
    { spec: { resources: { cpuShares: 1, memoryMb: 64, memoryMaxMb: 256 } } },
  ],
  [
    "memory without a limit",
    {},
    { Memory: 0, MemoryReservation: 64 * mib },
    { spec: { resources: { cpuShares: 1, memoryMb: 64, memoryMaxMb: -1 } } },
  ],
  ["control groups of version 1", {}, { MemorySwappiness: 0 }, { cgroupVersion: "1" }],
  [
    "the least cpu",
    {},
    { CpuShares: 2 },
    { spec: { resources: { cpuShares: 1, memoryMb: 64, memoryMaxMb: 0 } } },
  ],
  [
    "cpu of a very large node",
    {},
    { CpuShares: 250 },
    { plugin: { totalComputeMhz: 2 * 262_144 } },
  ],
  [
    "cpu_hard_limit",
    { cpu_hard_limit: true },
    { CpuPeriod: 100_000, CpuQuota: 25_000 },
    { plugin: { totalComputeMhz: 4_000 } },
  ],
  [
    "cpu_cfs_period",
    { cpu_hard_limit: true, cpu_cfs_period: 50_000 },
    { CpuPeriod: 50_000, CpuQuota: 12_500 },
    { plugin: { totalComputeMhz: 4_000 } },
  ],
  ["network_mode", { network_mode: "host" }, { NetworkMode: "host" }],
  ["oom_score_adj", { oom_score_adj: 5 }, { OomScoreAdj: 5 }],
  ["pids_limit", { pids_limit: 7 }, { PidsLimit: 7 }],
  [
    "the plugin's pids limit, which 0 does not lift",
    { pids_limit: 0 },
    { PidsLimit: 9 },
    { plugin: { pidsLimit: 9 } },
  ],
  ["ports", { ports: ["http"] }, { PortBindings: published }],
  [
    "port_map",
    { port_map: { http: 8080 } },
    { PortBindings: { "8080/tcp": published["80/tcp"], "8080/udp": published["80/udp"] } },
  ],
  ["privileged", { privileged: true }, { Privileged: true }, privileged],
  ["readonly_rootfs", { readonly_rootfs: true }, { ReadonlyRootfs: true }],
  ["runtime", { runtime: "runc" }, { Runtime: "runc" }],
  ["shm_size", { shm_size: 1024 }, { ShmSize: 1024 }],
  ["storage_opt", { storage_opt: { size: "1G" } }, { StorageOpt: { size: "1G" } }],
  ["sysctl", { sysctl: { "net.core.somaxconn": "1" } }, { Sysctls: { "net.core.somaxconn": "1" } }],
  [
    "ulimit",
    { ulimit: { nofile: "10:20", nproc: "5" } },
    {
      Ulimits: [
        { Name: "nofile", Soft: 10, Hard: 20 },
        { Name: "nproc", Soft: 5, Hard: 5 },
      ],
    },
  ],
  ["volume_driver", { volume_driver: "d" }, { VolumeDriver: "d" }, volumes],
];
for (const [name, config, expected, given] of onHost)
  test(`${name} is a field of the host's side`, () => {
    expect(make(config, given).HostConfig).toMatchObject(expected);
  });

test("labels of a task and of the plugin are added, but never over our own", () => {
  const labels = { mine: "1", "io.nomad-ts.cluster": "stolen" };
  expect(
    make({ labels }, { plugin: { extraLabels: ["job_*", "task_name"] } }).Labels,
  ).toMatchObject({
    mine: "1",
    "io.nomad-ts.cluster": "c",
    "com.hashicorp.nomad.job_id": "job",
    "com.hashicorp.nomad.job_name": "job",
    "com.hashicorp.nomad.task_name": "we/b",
  });
});

test("a container that shares another one's network publishes nothing itself", () => {
  const made = make({ ports: ["http"], network_mode: "container:x" });
  expect([made.ExposedPorts, made.HostConfig?.PortBindings]).toEqual([{}, {}]);
});

test("a port that the group does not have, and a limit below the reservation, refuse the start", () => {
  expect(() => make({ ports: ["admin"] })).toThrow('Port "admin" not found, check network block');
  expect(() => make({ memory_hard_limit: 1 })).toThrow("below the 64 MB");
});

describe("what cannot be done or is not allowed", () => {
  const refused: readonly (readonly [string, JsonMap, string])[] = [
    ["isolation", { isolation: "hyperv" }, "config.isolation is not supported"],
    ["privileged", { privileged: true }, "privileged mode is disabled"],
    ["cap_add", { cap_add: ["net_raw", "CAP_SYS_ADMIN"] }, "capabilities: net_raw, sys_admin"],
    ["pid_mode", { pid_mode: "host" }, 'cannot apply "pid_mode"'],
    ["ipc_mode", { ipc_mode: "host" }, 'cannot apply "ipc_mode"'],
    ["userns_mode", { userns_mode: "host" }, 'cannot apply "userns_mode"'],
    ["uts_mode", { uts_mode: "host" }, 'cannot apply "uts_mode"'],
    ["runtime", { runtime: "kata" }, 'requested runtime "kata" is not allowed'],
    ["cgroupns", { cgroupns: "both" }, 'invalid cgroupns "both"'],
    ["cpu_hard_limit", { cpu_hard_limit: true }, "cpu_hard_limit is not possible"],
    ["cpu_cfs_period", { cpu_cfs_period: 1_000_001 }, "must lie between 0 and 1000000"],
    ["advertise_ipv6_address", { advertise_ipv6_address: true }, "is not supported"],
    ["ipv4_address", { ipv4_address: "fd00::1" }, "is not an IPv4 address"],
    ["ipv6_address", { ipv6_address: "1.1.1.1" }, "is not an IPv6 address"],
    ["dns_servers", { dns_servers: ["dns"] }, "is not an address"],
    ["extra_hosts", { extra_hosts: ["alone"] }, "is not name:address"],
    ["port_map", { port_map: { http: "many" } }, "is not a port"],
    ["ports with port_map", { ports: ["http"], port_map: { http: 1 } }, "exclude each other"],
    ["volumes", { volumes: ["alone"] }, "it must be source:target[:mode]"],
    ["volume_driver", { volume_driver: "x" }, "cannot use volume driver"],
    ["a volume", { mount: { target: "/x", source: "v" } }, "cannot mount a volume"],
    ["a mount's type", { mount: { type: "npipe", target: "/x" } }, 'invalid mount type "npipe"'],
    ["a bind without source", { mount: { type: "bind", target: "/x" } }, "needs a source"],
    [
      "a tmpfs with source",
      { mount: { type: "tmpfs", target: "/x", source: "y" } },
      "has no source",
    ],
    ["command", { command: " sh" }, "must not start or end with blanks"],
    ["ulimit", { ulimit: { nofile: "" } }, "Malformed ulimit"],
    [
      "devices",
      { devices: [{ host_path: "/x", cgroup_permissions: "rwx" }] },
      "invalid cgroup permission",
    ],
    ["security_opt", { security_opt: ["what"] }, "invalid security_opt"],
  ];
  test.each(refused)("%s is refused with its reason", (_name, config, reason) => {
    const { values, diagnostics } = decodeOptions({ image: "a", ...config }, dockerOptions);
    const faults = [...diagnostics, ...policyFaults(values, defaultDockerConfig)];
    expect(faults.map(({ severity, summary }) => [severity, summary])).toEqual([
      ["error", expect.stringContaining(reason)],
    ]);
  });

  test("a pids_limit above the plugin's is refused", () => {
    const plugin = { ...defaultDockerConfig, pidsLimit: 10 };
    expect(policyFaults({ pids_limit: 11 }, plugin)).toMatchObject([{ severity: "error" }]);
  });

  test("cpuset_cpus is accepted with a warning, as published", () => {
    expect(policyFaults({ cpuset_cpus: "0" }, defaultDockerConfig)).toMatchObject([
      { severity: "warning" },
    ]);
  });
});

test("whole cores bind the container, and devices bring the runtime that hands them in", () => {
  const gpus = { NVIDIA_VISIBLE_DEVICES: "GPU-a,GPU-b" };
  const body = make(
    { runtime: "runc" },
    {
      spec: {
        env: { A: "1", ...gpus },
        deviceEnv: gpus,
        resources: { cpuShares: 4000, memoryMb: 64, memoryMaxMb: 0, cores: [3, 0, 1] },
      },
    },
  );
  expect(body.Env).toEqual(["A=1", "NVIDIA_VISIBLE_DEVICES=GPU-a,GPU-b"]);
  expect(body.HostConfig).toMatchObject({
    CpuShares: 4000,
    CpusetCpus: "0-1,3",
    Runtime: "nvidia",
    Devices: [],
  });
  const other = make({}, { spec: { deviceEnv: gpus }, plugin: { nvidiaRuntime: "gpus" } });
  expect(other.HostConfig?.Runtime).toBe("gpus");
  // The variable alone, from a job file, is no right to any device.
  expect(make({}, { spec: { env: gpus } }).HostConfig).not.toHaveProperty("Runtime");
});

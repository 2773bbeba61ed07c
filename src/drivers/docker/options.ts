import type { OptionTable } from "../core/option-table.ts";
import type { StrayRules } from "../port.ts";

const text = { kind: "text" } as const;
const bool = { kind: "bool" } as const;
const int = { kind: "int" } as const;
const texts = { kind: "texts" } as const;
const map = { kind: "map" } as const;

const mount: OptionTable = {
  type: text,
  target: { kind: "text", required: true },
  source: text,
  readonly: bool,
  bind_options: { kind: "block", fields: { propagation: text } },
  tmpfs_options: { kind: "block", fields: { size: int, mode: int } },
  volume_options: {
    kind: "block",
    fields: {
      no_copy: bool,
      labels: map,
      driver_config: { kind: "block", fields: { name: text, options: map } },
    },
  },
};

/** Every published option of a docker task. */
export const dockerOptions: OptionTable = {
  image: { kind: "text", required: true },
  command: text,
  args: texts,
  entrypoint: texts,
  auth: {
    kind: "block",
    fields: { username: text, password: text, email: text, server_address: text },
  },
  auth_soft_fail: bool,
  force_pull: bool,
  image_pull_timeout: { kind: "duration" },
  container_exists_attempts: int,
  cap_add: texts,
  cap_drop: texts,
  cgroupns: text,
  cpu_hard_limit: bool,
  cpu_cfs_period: int,
  cpuset_cpus: text,
  devices: {
    kind: "blocks",
    fields: {
      host_path: { kind: "text", required: true },
      container_path: text,
      cgroup_permissions: text,
    },
  },
  dns_servers: texts,
  dns_search_domains: texts,
  dns_options: texts,
  extra_hosts: texts,
  group_add: texts,
  healthchecks: { kind: "block", fields: { disable: bool } },
  hostname: text,
  init: bool,
  interactive: bool,
  tty: bool,
  ipc_mode: text,
  pid_mode: text,
  userns_mode: text,
  uts_mode: text,
  ipv4_address: text,
  ipv6_address: text,
  mac_address: text,
  network_aliases: texts,
  isolation: { kind: "refused", reason: "isolation modes exist on Windows only" },
  labels: map,
  load: text,
  logging: { kind: "block", fields: { type: text, driver: text, config: map } },
  memory_hard_limit: int,
  mount: { kind: "blocks", fields: mount },
  mounts: { kind: "blocks", fields: mount },
  network_mode: text,
  oom_score_adj: int,
  pids_limit: int,
  ports: texts,
  port_map: map,
  privileged: bool,
  readonly_rootfs: bool,
  runtime: text,
  security_opt: texts,
  shm_size: int,
  storage_opt: map,
  sysctl: map,
  ulimit: map,
  volumes: texts,
  volume_driver: text,
  work_dir: text,
  advertise_ipv6_address: bool,
};

/** Options of the plugin block of the agent's configuration, with the published defaults. */
export interface DockerPluginConfig {
  readonly endpoint: string;
  readonly allowPrivileged: boolean;
  readonly allowCaps: readonly string[];
  readonly allowRuntimes: readonly string[];
  readonly volumesEnabled: boolean;
  readonly selinuxLabel: string;
  readonly imagePullTimeoutMs: number;
  readonly pullActivityTimeoutMs: number;
  readonly pidsLimit: number;
  readonly extraLabels: readonly string[];
  readonly logging?: {
    readonly type: string;
    readonly config: { readonly [name: string]: string };
  };
  /** Which of the host's namespaces a task may share: globs of modes. */
  readonly allowedModes?: {
    readonly [kind in "pid" | "ipc" | "userns" | "uts"]: readonly string[];
  };
  /** How often the creation of a container is tried while something stands in the way. */
  readonly containerExistsAttempts?: number;
  /** Longest wait for an answer of the engine to a plain call. */
  readonly callTimeoutMs?: number;
  /** All processors of this node in MHz; 0 is unknown, and then a share of it cannot be a hard limit. */
  readonly totalComputeMhz?: number;
  /** Path of a Docker `config.json` with registry logins. */
  readonly authConfig?: string;
  /** Holds a group's network; "" is the one that the driver makes itself, without a registry. */
  readonly infraImage?: string;
  readonly infraImagePullTimeoutMs?: number;
  /** The engine's runtime for tasks that have GPUs. */
  readonly nvidiaRuntime?: string;
  /** How long an image that we pulled stays unused; undefined: for ever. */
  readonly imageKeptUnusedMs?: number | undefined;
  /** False: the container of a task that has ended stays, for whoever wants to look at it. */
  readonly removesContainers?: boolean;
  readonly strays?: StrayRules;
}
export type DockerPlugin = Required<DockerPluginConfig>;

export const defaultDockerConfig: DockerPlugin = {
  endpoint: "unix:///var/run/docker.sock",
  allowPrivileged: false,
  allowCaps: [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
  ],
  allowRuntimes: ["runc", "nvidia"],
  volumesEnabled: false,
  selinuxLabel: "",
  imagePullTimeoutMs: 300_000,
  pullActivityTimeoutMs: 120_000,
  pidsLimit: 0,
  extraLabels: [],
  logging: { type: "json-file", config: { "max-file": "2", "max-size": "2m" } },
  allowedModes: { pid: [], ipc: [], userns: [], uts: [] },
  containerExistsAttempts: 5,
  callTimeoutMs: 60_000,
  totalComputeMhz: 0,
  authConfig: "",
  infraImage: "",
  infraImagePullTimeoutMs: 300_000,
  nvidiaRuntime: "nvidia",
  imageKeptUnusedMs: 180_000,
  removesContainers: true,
  strays: { isEnabled: true, periodMs: undefined, graceMs: undefined, isDryRun: false },
};

import { networkSpec } from "./network-schema.ts";
import { free, list, once, open, placementBlocks } from "./placement-schema.ts";
import type { BlockSpec } from "./spec-types.ts";

/** The blocks inside a task that stand for themselves. */
export const resourcesSpec: BlockSpec = {
  arguments: {
    cpu: "CPU:int?",
    cores: "Cores:int?",
    memory: "MemoryMB:int?",
    memory_max: "MemoryMaxMB:int?",
    disk: "DiskMB:int?",
    iops: "IOPS:int?",
    secrets: "SecretsMB:int?",
  },
  blocks: {
    network: list("Networks", networkSpec),
    device: list("Devices", {
      labels: ["Name"],
      arguments: { count: "Count:uint?" },
      blocks: placementBlocks,
    }),
    numa: once("NUMA", { arguments: { affinity: "Affinity:string", devices: "Devices:strings?" } }),
  },
};
export const logsSpec: BlockSpec = {
  arguments: {
    max_files: "MaxFiles:int?",
    max_file_size: "MaxFileSizeMB:int?",
    enabled: "Enabled:bool?",
    disabled: "Disabled:bool?",
  },
};
export const artifactSpec: BlockSpec = {
  arguments: {
    source: "GetterSource:string?",
    mode: "GetterMode:string?",
    insecure: "GetterInsecure:bool?",
    destination: "RelativeDest:string?",
    chown: "Chown:bool",
  },
  blocks: { options: open("GetterOptions"), headers: open("GetterHeaders") },
};
const changeScriptSpec: BlockSpec = {
  arguments: {
    command: "Command:string?",
    args: "Args:strings?",
    timeout: "Timeout:duration?",
    fail_on_error: "FailOnError:bool?",
    run_on_first_render: "RunOnFirstRender:bool?",
  },
  finish: (value) => ({
    Args: [],
    Timeout: 5e9,
    FailOnError: false,
    RunOnFirstRender: false,
    ...value,
  }),
};
export const templateSpec: BlockSpec = {
  arguments: {
    source: "SourcePath:string?",
    destination: "DestPath:string?",
    data: "EmbeddedTmpl:string?",
    change_mode: "ChangeMode:string?",
    change_signal: "ChangeSignal:string?",
    splay: "Splay:duration?",
    perms: "Perms:string?",
    uid: "Uid:int?",
    gid: "Gid:int?",
    left_delimiter: "LeftDelim:string?",
    right_delimiter: "RightDelim:string?",
    env: "Envvars:bool?",
    vault_grace: "VaultGrace:duration?",
    error_on_missing_key: "ErrMissingKey:bool?",
    once: "Once:bool?",
  },
  blocks: {
    change_script: once("ChangeScript", changeScriptSpec),
    wait: once("Wait", { arguments: { min: "Min:duration?", max: "Max:duration?" } }),
  },
  finish: (value) => ({
    ChangeMode: "restart",
    Perms: "0644",
    Splay: 5e9,
    ErrMissingKey: false,
    ...value,
  }),
};
export const volumeMountSpec: BlockSpec = {
  arguments: {
    volume: "Volume:string?",
    destination: "Destination:string?",
    read_only: "ReadOnly:bool?",
    propagation_mode: "PropagationMode:string?",
    selinux_label: "SELinuxLabel:string?",
  },
};
export const csiPluginSpec: BlockSpec = {
  arguments: {
    id: "ID:string",
    type: "Type:string",
    mount_dir: "MountDir:string",
    stage_publish_base_dir: "StagePublishBaseDir:string",
    health_timeout: "HealthTimeout:duration",
  },
};
export const scheduleSpec: BlockSpec = {
  arguments: {},
  blocks: {
    cron: once("Cron", {
      arguments: { start: "Start:string", end: "End:string", timezone: "Timezone:string" },
    }),
  },
};
/** What every scaling policy has besides its type. */
export const scalingArguments = {
  id: "ID:string",
  namespace: "Namespace:string",
  type: "Type:string",
  min: "Min:int?",
  max: "Max:int?",
  enabled: "Enabled:bool?",
};
export const scalingBlocks = { policy: free("Policy") };

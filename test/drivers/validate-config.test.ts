import { expect, test } from "vitest";
import { validateDriverConfig } from "../../src/drivers/validate-config.ts";
import type { JsonMap } from "../../src/model/job.ts";

const faults = (driver: string, config: JsonMap | null): readonly string[] =>
  validateDriverConfig(driver, config).map(
    ({ severity, summary, detail }) =>
      `${severity}: ${summary}${detail === "" ? "" : `; ${detail}`}`,
  );

const sound: readonly (readonly [string, JsonMap])[] = [
  [
    "exec",
    {
      command: "bin/thumb",
      args: ["--quality", 82],
      pid_mode: "private",
      ipc_mode: "host",
      cap_add: ["chown"],
      cap_drop: ["all"],
      work_dir: "/local",
    },
  ],
  [
    "java",
    {
      class: "org.example.Main",
      class_path: "${NOMAD_TASK_DIR}/libs/*",
      jvm_options: ["-Xmx64m"],
      args: ["--threads", 8],
      cap_add: ["net_raw"],
      work_dir: "${NOMAD_TASK_DIR}",
    },
  ],
  ["java", { jar_path: "local/app.jar", pid_mode: "host" }],
  [
    "qemu",
    {
      image_path: "local/router.qcow2",
      emulator: "qemu-system-aarch64",
      machine_type: "virt",
      drive_interface: "virtio",
      accelerator: "kvm",
      graceful_shutdown: true,
      guest_agent: "true",
      args: ["-nographic"],
      port_map: [{ ssh: 22, www: "443" }],
    },
  ],
  [
    "mock_driver",
    {
      run_for: "1h",
      exit_code: 3,
      exit_signal: 9,
      exit_err_msg: "gone",
      signal_error: "no",
      start_error: "never",
      start_error_recoverable: true,
      start_block_for: "5s",
      kill_after: "whenever",
      plugin_exit_after: "10s",
      driver_ip: "10.0.0.1",
      driver_advertise: true,
      driver_port_map: "http:80",
      stdout_string: "hi",
      stdout_repeat: 3,
      stdout_repeat_duration: "1s",
      stderr_string: "oh",
      stderr_repeat: 1,
      stderr_repeat_duration: "1s",
      exec_command: [{ run_for: "1s", exit_code: 1, stdout_string: "in" }],
    },
  ],
  ["mock_driver", {}],
  ["podman", { anything: "goes" }],
  ["docker", { image: "busybox", ports: ["http"], dns_servers: ["${meta.dns}"] }],
  ["docker", { image: "busybox", privileged: true, cap_add: ["sys_admin"], runtime: "kata" }],
];
test.each(sound)("what is published of %s passes", (driver, config) => {
  expect(faults(driver, config)).toEqual([]);
});

test.each(["exec", "java", "qemu", "mock_driver"])(
  "a %s task without any config is taken, and its start says what is missing",
  (driver) => {
    expect(faults(driver, null)).toEqual([]);
  },
);

const wrong: readonly (readonly [string, JsonMap | null, string])[] = [
  ["docker", null, "error: config.image is missing; this option is required"],
  ["exec", {}, "error: config.command is missing; this option is required"],
  ["exec", { command: "x", arg: [] }, "error: unknown option config.arg; did you mean args?"],
  ["exec", { command: "x", no_pivot_root: true }, "error: unknown option config.no_pivot_root"],
  ["exec", { command: ["x"] }, "error: config.command must be text"],
  [
    "exec",
    { command: "x", pid_mode: "hots" },
    'error: config.pid_mode must be one of "private", "host", got "hots"; did you mean host?',
  ],
  [
    "exec",
    { command: "x", work_dir: "local" },
    'error: config.work_dir must be absolute but got relative path "local"',
  ],
  [
    "raw_exec",
    { command: "x", work_dir: "a/b" },
    'error: config.work_dir must be absolute but got relative path "a/b"',
  ],
  [
    "raw_exec",
    { command: "x", oom_score_adj: -5 },
    "error: config.oom_score_adj must not be negative",
  ],
  [
    "java",
    { args: ["a"] },
    "error: config.jar_path or config.class is missing; one of them says what to run",
  ],
  ["qemu", { accelerator: "kvm" }, "error: config.image_path is missing; this option is required"],
  [
    "qemu",
    { image_path: "a", port_map: [{ ssh: "x" }] },
    "error: config.port_map must be a map of whole numbers",
  ],
  [
    "qemu",
    { image_path: "a", guest_agent: "maybe" },
    "error: config.guest_agent must be true or false",
  ],
  ["mock_driver", { run_fro: "1s" }, "error: unknown option config.run_fro; did you mean run_for?"],
  ["mock_driver", { run_for: "soon" }, 'error: config.run_for must be a duration such as "5m"'],
  [
    "mock_driver",
    { exec_command: [{ exit_cod: 1 }] },
    "error: unknown option config.exec_command.exit_cod; did you mean exit_code?",
  ],
  ["mock_driver", { colour: "red" }, "warning: config.colour is no known option of mock_driver"],
  [
    "docker",
    { image: "x", ports: ["a"], port_map: [{ a: 80 }] },
    "error: port_map and ports exclude each other: use ports",
  ],
  [
    "docker",
    { image: "x", mount: [{ type: "tmpfs", target: "/t", source: "/s" }] },
    "error: a tmpfs mount has no source",
  ],
];
test.each(wrong)("%s %j is told", (driver, config, text) => {
  expect(faults(driver, config)).toEqual([text]);
});

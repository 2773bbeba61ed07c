import { expect, test } from "vitest";
import { defaultDockerConfig } from "../../../src/drivers/docker.ts";
import { readDockerPlugin } from "../../../src/drivers/docker/plugin-options.ts";

test("nothing written gives the published defaults", () => {
  const { config, errors, ignored } = readDockerPlugin({});
  const { callTimeoutMs: _, totalComputeMhz: __, ...published } = defaultDockerConfig;
  expect({ config, errors, ignored }).toEqual({ config: published, errors: [], ignored: [] });
});

test("every option that is acted on reaches the driver, blocks as HCL gives them", () => {
  const { config, errors, ignored } = readDockerPlugin({
    infra_image: "registry.local/pause:3",
    nvidia_runtime: "gpu-runtime",
    endpoint: "unix:///run/d.sock",
    auth: [{ config: "/etc/docker/config.json" }],
    allow_privileged: true,
    allow_caps: ["CHOWN"],
    allow_runtimes: ["runsc"],
    allowed_modes: [{ pid: ["host"], uts: ["host"] }],
    volumes: [{ enabled: true, selinuxlabel: "z" }],
    image_pull_timeout: "10m",
    pull_activity_timeout: "90s",
    container_exists_attempts: 2,
    pids_limit: 100,
    extra_labels: ["job_*"],
    logging: [{ type: "local", config: [{ "max-size": "1m" }] }],
    gc: [
      {
        image_delay: "1h",
        container: false,
        dangling_containers: [{ period: "2m", creation_grace: "3m", dry_run: true }],
      },
    ],
  });
  expect([errors, ignored]).toEqual([[], []]);
  expect(config).toEqual({
    endpoint: "unix:///run/d.sock",
    authConfig: "/etc/docker/config.json",
    infraImage: "registry.local/pause:3",
    infraImagePullTimeoutMs: 300_000,
    nvidiaRuntime: "gpu-runtime",
    allowPrivileged: true,
    allowCaps: ["CHOWN"],
    allowRuntimes: ["runsc"],
    allowedModes: { pid: ["host"], ipc: [], userns: [], uts: ["host"] },
    volumesEnabled: true,
    selinuxLabel: "z",
    imagePullTimeoutMs: 600_000,
    pullActivityTimeoutMs: 90_000,
    containerExistsAttempts: 2,
    pidsLimit: 100,
    extraLabels: ["job_*"],
    logging: { type: "local", config: { "max-size": "1m" } },
    imageKeptUnusedMs: 3_600_000,
    removesContainers: false,
    strays: { isEnabled: true, periodMs: 120_000, graceMs: 180_000, isDryRun: true },
  });
  const off = { image: false, dangling_containers: [{ enabled: false }] };
  expect(readDockerPlugin({ gc: [off] }).config).toMatchObject({
    imageKeptUnusedMs: undefined,
    removesContainers: true,
    strays: { isEnabled: false },
  });
});

test("an unknown option and a wrong type are faults, what is not acted on is named", () => {
  const read = readDockerPlugin({
    alow_caps: ["CHOWN"],
    pids_limit: "many",
    allowed_modes: [{ pdi: ["host"] }],
    oom_score_adj: 5,
    auth: [{ helper: "ecr-login" }],
  });
  expect(read.errors).toHaveLength(3);
  expect(read.errors.join("\n")).toMatch(/alow_caps.*allow_caps/);
  expect(read.errors.join("\n")).toMatch(/pids_limit must be a whole number/);
  expect(read.errors.join("\n")).toMatch(/pdi/);
  expect(read.ignored).toEqual(["oom_score_adj", "auth.helper"]);
});

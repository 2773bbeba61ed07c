import { getEventListeners, setMaxListeners } from "node:events";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDockerDriver, defaultDockerConfig } from "../../../src/drivers/docker.ts";
import { containerName } from "../../../src/drivers/docker/container-config.ts";
import type { TaskSpec } from "../../../src/drivers/port.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import { makeDriverBench } from "../../support/driver-spec.ts";
import { until } from "../../support/until.ts";

const signal = new AbortController().signal;
const engine = new Docker({ socketPath: "/var/run/docker.sock" });
const driver = createDockerDriver({
  clock: createSystemClock(),
  log: silentLogger,
  config: defaultDockerConfig,
});
const script = (text: string, more = {}) => ({
  image: "busybox:1.36",
  command: "sh",
  args: ["-c", text],
  ...more,
});

let bench: ReturnType<typeof makeDriverBench>;
const strangers: string[] = [];
beforeEach(() => {
  bench = makeDriverBench();
});
afterEach(async () => {
  for (const task of await driver.list(bench.owner, signal))
    await driver.remove(task.handle, signal);
  for (const id of strangers.splice(0)) await engine.getContainer(id).remove({ force: true });
  bench.clean();
});
const start = (spec: TaskSpec) => driver.start(spec, () => undefined, signal);
const ended = (handle: string) =>
  until("the task to end", async () => {
    const task = await driver.inspect(handle, signal);
    return task?.state === "exited" ? task : undefined;
  });

/** Everything by which an engine can let a container nearer to its host, and what a plain task has of it. */
const safeHost = {
  Privileged: false,
  CapAdd: [],
  CapDrop: ["NET_RAW"],
  SecurityOpt: ["no-new-privileges"],
  NetworkMode: "default",
  PidMode: "",
  IpcMode: "private",
  UTSMode: "",
  UsernsMode: "",
  Cgroup: "",
  CgroupParent: "",
  Runtime: "runc",
  Devices: [],
  DeviceCgroupRules: null,
  DeviceRequests: null,
  VolumesFrom: null,
  VolumeDriver: "",
  Links: null,
  GroupAdd: null,
  ExtraHosts: null,
  PortBindings: {},
  PublishAllPorts: false,
  Memory: 32 * 1024 * 1024,
  MemorySwap: 32 * 1024 * 1024,
  OomScoreAdj: 0,
  OomKillDisable: false,
  Ulimits: [],
  ReadonlyRootfs: false,
  AutoRemove: false,
  RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
  LogConfig: { Type: "json-file", Config: { "max-file": "2", "max-size": "2m" } },
};

test("a container made with the defaults is what an inspector hopes for", async () => {
  const spec = bench.spec(script("sleep 60"));
  const task = await start(spec);
  const info = await engine.getContainer(task.handle).inspect();
  const { HostConfig: host, Config: config } = info;
  expect(host).toMatchObject(safeHost);
  const { shared, local, secrets, logs } = spec.directories;
  expect(host.Binds).toEqual([
    `${shared}:/alloc`,
    `${local}:/local`,
    `${secrets}:/secrets`,
    `${logs}:/alloc/logs:ro`,
  ]);
  expect(info.Mounts).toHaveLength(4);
  expect(host.MaskedPaths).toEqual(expect.arrayContaining(["/proc/kcore", "/sys/firmware"]));
  expect(host.ReadonlyPaths).toEqual(expect.arrayContaining(["/proc/sys", "/proc/sysrq-trigger"]));
  expect(config.Labels["io.nomad-ts.cluster"]).toBe(bench.owner.cluster);
  expect(config.Labels["com.hashicorp.nomad.alloc_id"]).toBe(spec.key.allocationId);
});

test("a task in a container can do what the list of rights says, and nothing gives it more", async () => {
  const { handle } = await start(
    bench.spec(script("grep -E '^Cap(Eff|Bnd)|NoNewPrivs' /proc/1/status")),
  );
  await ended(handle);
  let text = "";
  for await (const chunk of driver.output(handle, null, signal))
    text += Buffer.from(chunk.data).toString();
  const setOf = (name: string): string | undefined =>
    new RegExp(`^${name}:\\s+(\\w+)$`, "m").exec(text)?.[1];
  // audit_write chown dac_override fowner fsetid kill mknod net_bind_service setfcap setgid setpcap setuid sys_chroot
  expect([setOf("CapEff"), setOf("CapBnd"), setOf("NoNewPrivs")]).toEqual([
    "00000000a80405fb",
    "00000000a80405fb",
    "1",
  ]);
});

test("CVE-2021-32575: a container's task gets no raw socket", async () => {
  const { handle } = await start(bench.spec(script("ping -c 1 127.0.0.1 2>&1 || true")));
  await ended(handle);
  let text = "";
  for await (const chunk of driver.output(handle, null, signal))
    text += Buffer.from(chunk.data).toString();
  expect(text).toContain("permission denied");
});

test("a stranger's container with our name is left alone, and the error says what to do", async () => {
  const wanted = bench.spec(script("sleep 60"));
  const name = containerName(wanted.key);
  const stranger = await engine.createContainer({ name, Image: "busybox:1.36", Cmd: ["true"] });
  strangers.push(stranger.id);
  await expect(start(wanted)).rejects.toMatchObject({
    code: "driver",
    message: expect.stringContaining(`docker rm -f ${name}`),
    fields: { recoverable: false },
  });
  expect((await stranger.inspect()).State.Status).toBe("created");
});

test("an older attempt of ours is replaced", async () => {
  const wanted = bench.spec(script("sleep 60"));
  const first = await start(wanted);
  const second = await start({ ...wanted, attempt: 1 });
  expect(second.handle).not.toBe(first.handle);
  expect(await driver.inspect(first.handle, signal)).toBeUndefined();
});

test("a container of ours that was created and never started is started", async () => {
  const wanted = bench.spec(script("sleep 60"));
  const first = await start(wanted);
  const { Config, HostConfig, Name } = await engine.getContainer(first.handle).inspect();
  await engine.getContainer(first.handle).remove({ force: true });
  const made = await engine.createContainer({ ...Config, HostConfig, name: Name.slice(1) });
  const started = await start(wanted);
  expect(started.handle).toBe(made.id);
  expect(await driver.inspect(made.id, signal)).toMatchObject({ state: "running" });
});

test("a start that fails leaves nothing behind and says whether it may work later", async () => {
  const wanted = bench.spec({ image: "busybox:1.36", command: "/no/such/program" });
  await expect(start(wanted)).rejects.toMatchObject({
    code: "driver",
    fields: { recoverable: false },
  });
  expect(await driver.list(bench.owner, signal)).toEqual([]);
});

test.each(["", "SIGTERM"])("a paused task is stopped too, with the signal %j", async (name) => {
  const task = await start(
    bench.spec(script("trap 'exit 7' TERM; while true; do sleep 0.1; done")),
  );
  await engine.getContainer(task.handle).pause();
  await driver.stop(task.handle, { signal: name, timeoutMs: 3_000 }, signal);
  expect(await driver.inspect(task.handle, signal)).toMatchObject({ state: "exited" });
});

test("many stops at once all end, and leave nothing with their caller", async () => {
  const { signal } = new AbortController();
  // All of them at once wait for one signal, as those of a whole agent do.
  setMaxListeners(0, signal);
  const tasks = await Promise.all(
    Array.from({ length: 12 }, () =>
      driver.start(bench.spec(script("sleep 60")), () => undefined, signal),
    ),
  );
  const stops = tasks.flatMap(({ handle }) =>
    Array.from({ length: 8 }, () =>
      driver.stop(handle, { signal: "SIGKILL", timeoutMs: 5_000 }, signal),
    ),
  );
  await Promise.all(stops);
  const states = await Promise.all(tasks.map(({ handle }) => driver.inspect(handle, signal)));
  expect(states.every((task) => task?.state === "exited")).toBe(true);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("a terminal's output comes whole, without the engine's stamps", async () => {
  const long = "x".repeat(20_000);
  const task = await start(
    bench.spec(
      script(`head -c 20000 /dev/zero | tr '\\0' x; echo; echo end; printf open`, { tty: true }),
    ),
  );
  await ended(task.handle);
  let text = "";
  for await (const chunk of driver.output(task.handle, null, signal))
    text += Buffer.from(chunk.data).toString();
  expect(text).toBe(`${long}\r\nend\r\nopen`);
});

test("a task that eats more than its memory is marked as killed for it", async () => {
  const task = await start(bench.spec(script("x=y; while true; do x=$x$x; done")));
  expect((await ended(task.handle)).exit).toMatchObject({ oomKilled: true, message: "OOM Killed" });
});

test("a task that a signal killed shows the code that shells give it", async () => {
  const task = await start(bench.spec(script("kill -9 $$; sleep 60", { init: true })));
  expect((await ended(task.handle)).exit).toMatchObject({ code: 137, signal: 0, oomKilled: false });
});

test("a job may say that programs in its container lend rights", async () => {
  const { handle } = await start(
    bench.spec(script("sleep 60", { security_opt: ["no-new-privileges=false"] })),
  );
  const { HostConfig } = await engine.getContainer(handle).inspect();
  expect(HostConfig.SecurityOpt).toEqual(["no-new-privileges=false"]);
});

test("a seccomp profile is read from its file", async () => {
  const config = script("true", { security_opt: ["seccomp=/no/such/profile.json"] });
  await expect(start(bench.spec(config))).rejects.toMatchObject({
    message: "opening seccomp profile (/no/such/profile.json) failed",
    fields: { recoverable: false },
  });
});

test.each([
  ["a path of the host", { volumes: ["/etc:/host-etc"] }],
  ["the engine's own socket", { volumes: ["/var/run/docker.sock:/docker.sock"] }],
  ["a path that climbs", { volumes: ["../../../etc:/host-etc"] }],
  ["a bind", { mount: { type: "bind", source: "/etc", target: "/host-etc" } }],
  ["a volume of the engine", { mount: { type: "volume", source: "data", target: "/data" } }],
  ["a mount without a type", { mount: { source: "data", target: "/data" } }],
  ["a volume driver", { volume_driver: "local", volumes: ["data:/data"] }],
])("CVE-2020-28348: %s is mounted only with the operator's consent", async (_what, more) => {
  await expect(start(bench.spec(script("true", more)))).rejects.toThrow("volumes are not enabled");
});

test("CVE-2026-14896: a link in the task's own folder is judged by where it leads", async () => {
  const spec = bench.spec({});
  symlinkSync("/etc", join(spec.directories.local, "etc"));
  for (const more of [
    { volumes: ["local/etc:/host-etc"] },
    { volumes: ["local/etc/ssl:/host-etc"] },
    { mount: { type: "bind", source: "local/etc", target: "/host-etc" } },
  ])
    await expect(start({ ...spec, config: script("true", more) })).rejects.toThrow(
      "volumes are not enabled",
    );
});

test("a container that was renamed by hand is still the same task", async () => {
  const spec = bench.spec(script("sleep 60"));
  const task = await start(spec);
  await engine.getContainer(task.handle).rename({ name: `${containerName(spec.key)}-mine` });
  expect(await driver.inspect(task.handle, signal)).toMatchObject({ state: "running" });
  expect(await driver.list(bench.owner, signal)).toHaveLength(1);
  await driver.stop(task.handle, { signal: "SIGKILL", timeoutMs: 5_000 }, signal);
  expect(await driver.inspect(task.handle, signal)).toMatchObject({ state: "exited" });
});

test("with gc.container off an ended container stays to be looked at, and is nobody's task any more", async () => {
  const keeping = createDockerDriver({
    clock: createSystemClock(),
    log: silentLogger,
    config: { ...defaultDockerConfig, removesContainers: false },
  });
  const spec = bench.spec(script("exit 3"));
  const task = await keeping.start(spec, () => undefined, signal);
  await ended(task.handle);
  await keeping.remove(task.handle, signal);
  expect(await keeping.list(bench.owner, signal)).toEqual([]);
  expect((await engine.getContainer(task.handle).inspect()).State.ExitCode).toBe(3);
  const next = { ...spec, attempt: 1, config: script("sleep 60") };
  const again = await keeping.start(next, () => undefined, signal);
  expect(await keeping.list(bench.owner, signal)).toMatchObject([{ handle: again.handle }]);
});

test("a task with whole cores runs on those and on no others", async () => {
  const resources = { cpuShares: 50, memoryMb: 32, memoryMaxMb: 0, cores: [1] };
  const spec = bench.spec(script("grep Cpus_allowed_list /proc/self/status"), { resources });
  const task = await start(spec);
  await ended(task.handle);
  const { HostConfig: host } = await engine.getContainer(task.handle).inspect();
  expect(host.CpusetCpus).toBe("1");
  let text = "";
  for await (const chunk of driver.output(task.handle, null, signal))
    text += Buffer.from(chunk.data).toString();
  expect(text).toBe("Cpus_allowed_list:\t1\n");
});

test("GPUs need a runtime that the engine has and the operator allows", async () => {
  const deviceEnv = { NVIDIA_VISIBLE_DEVICES: "GPU-a" };
  const spec = bench.spec(script("sleep 60"), { deviceEnv, env: deviceEnv });
  const open = (over: Partial<typeof defaultDockerConfig>) =>
    createDockerDriver({
      clock: createSystemClock(),
      log: silentLogger,
      config: { ...defaultDockerConfig, ...over },
    });
  const missing = open({ nvidiaRuntime: "no-such-runtime", allowRuntimes: ["no-such-runtime"] });
  await expect(missing.start(spec, () => undefined, signal)).rejects.toMatchObject({
    message: expect.stringContaining('requested docker runtime "no-such-runtime" was not found'),
    fields: { recoverable: false },
  });
  const denied = open({ allowRuntimes: ["runc"] });
  await expect(denied.start(spec, () => undefined, signal)).rejects.toMatchObject({
    message: 'requested runtime "nvidia" is not allowed',
    fields: { recoverable: false },
  });
  expect(await driver.list(bench.owner, signal)).toEqual([]);
  const task = await open({ nvidiaRuntime: "runc" }).start(spec, () => undefined, signal);
  const { HostConfig: host, Config: config } = await engine.getContainer(task.handle).inspect();
  expect(host.Runtime).toBe("runc");
  expect(config.Env).toContain("NVIDIA_VISIBLE_DEVICES=GPU-a");
});

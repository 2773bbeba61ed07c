import { getEventListeners, setMaxListeners } from "node:events";
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

test("a container made with the defaults is what an inspector hopes for", async () => {
  const task = await start(bench.spec(script("sleep 60")));
  const { HostConfig: host, Config: config } = await engine.getContainer(task.handle).inspect();
  expect(host).toMatchObject({
    Privileged: false,
    CapAdd: [],
    CapDrop: ["NET_RAW"],
    Memory: 32 * 1024 * 1024,
    MemorySwap: 32 * 1024 * 1024,
    RestartPolicy: { Name: "no" },
    NetworkMode: "default",
    PidMode: "",
    UsernsMode: "",
    AutoRemove: false,
    PublishAllPorts: false,
    LogConfig: { Type: "json-file", Config: { "max-file": "2", "max-size": "2m" } },
  });
  expect(host.Binds?.at(-1)).toMatch(/:\/alloc\/logs:ro$/);
  expect(config.Labels["io.nomad-ts.cluster"]).toBe(bench.owner.cluster);
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

test("a seccomp profile is read from its file", async () => {
  const config = script("true", { security_opt: ["seccomp=/no/such/profile.json"] });
  await expect(start(bench.spec(config))).rejects.toMatchObject({
    message: "opening seccomp profile (/no/such/profile.json) failed",
    fields: { recoverable: false },
  });
});

test("a path outside of the allocation is mounted only with the operator's consent", async () => {
  const config = script("true", { volumes: ["/etc:/host-etc"] });
  await expect(start(bench.spec(config))).rejects.toThrow("volumes are not enabled");
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

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach } from "vitest";
import { createExecDriver } from "../../../src/drivers/exec.ts";
import type { TaskPlace } from "../../../src/drivers/executor/records.ts";
import type { DriverNotice, TaskDriver, TaskSpec } from "../../../src/drivers/port.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import type { JsonMap } from "../../../src/model/job.ts";
import { makeDriverBench } from "../../support/driver-spec.ts";
import { demandIsolation } from "../../support/machine.ts";
import { until } from "../../support/until.ts";

export const signal = new AbortController().signal;
export let bench: ReturnType<typeof makeDriverBench>;
export let driver: TaskDriver;
export const records = (): string => join(bench.dir, "records");
export const open = (config: JsonMap = {}): TaskDriver =>
  createExecDriver({
    clock: createSystemClock(),
    log: silentLogger,
    config,
    stateDir: records(),
  });

/** Another one for the rest of the test, such as one that the operator set up in another way. */
export function useDriver(other: TaskDriver): void {
  driver = other;
}

/** Each test of the file gets a driver with folders of its own, and leaves no task behind. */
export function useExec(): void {
  beforeAll(demandIsolation);
  beforeEach(() => {
    bench = makeDriverBench();
    driver = open();
  });
  afterEach(async () => {
    for (const task of await driver.list(bench.owner, signal))
      await driver.remove(task.handle, signal);
    bench.clean();
  });
}

export const shell = (text: string, more: JsonMap = {}): JsonMap => ({
  command: "/bin/sh",
  args: ["-c", text],
  ...more,
});
export const startSpec = (spec: TaskSpec, notices: DriverNotice[] = []) =>
  driver.start(spec, (one) => notices.push(one), signal);
export const start = (text: string, more: JsonMap = {}, change: Partial<TaskSpec> = {}) =>
  startSpec(bench.spec(shell(text, more), change));
export const ended = (handle: string) =>
  until("the task to end", async () => {
    const task = await driver.inspect(handle, signal);
    return task?.state === "exited" ? task : undefined;
  });
export async function textOf(handle: string): Promise<string> {
  let text = "";
  for await (const chunk of driver.output(handle, null, signal))
    text += Buffer.from(chunk.data).toString();
  return text.trim();
}
export async function printed(
  text: string,
  more: JsonMap = {},
  change: Partial<TaskSpec> = {},
): Promise<string> {
  const task = await start(text, more, change);
  await ended(task.handle);
  return textOf(task.handle);
}
export const placeOf = (handle: string): TaskPlace =>
  JSON.parse(readFileSync(join(records(), handle, "place.json"), "utf8")) as TaskPlace;

export const bit = { netBindService: 10n, netRaw: 13n };
export const sets = "grep -E '^Cap(Eff|Bnd|Inh|Amb)|NoNewPrivs' /proc/1/status";
export const setOf = (status: string, name: string): bigint =>
  BigInt(`0x${new RegExp(`^${name}:\\s+([0-9a-f]+)$`, "m").exec(status)?.[1] ?? "0"}`);

export const cgroupsOf = (allocation: string): readonly string[] =>
  [
    "/sys/fs/cgroup/memory/nomad",
    "/sys/fs/cgroup/cpu/nomad",
    "/sys/fs/cgroup/nomad.slice/share.slice",
  ]
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path))
    .filter((name) => name.startsWith(allocation));

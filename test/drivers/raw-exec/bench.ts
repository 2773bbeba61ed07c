import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { TaskDriver, TaskSpec } from "../../../src/drivers/port.ts";
import { createRawExecDriver } from "../../../src/drivers/raw-exec.ts";
import type { TaskPlace } from "../../../src/drivers/executor/records.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import { makeDriverBench } from "../../support/driver-spec.ts";
import type { JsonMap } from "../../../src/model/job.ts";
import { until } from "../../support/until.ts";

export const signal = new AbortController().signal;
export const clock = createSystemClock();
export let bench: ReturnType<typeof makeDriverBench>;
export let records: string;
export let driver: TaskDriver;
export const open = (config: JsonMap = {}): TaskDriver =>
  createRawExecDriver({ clock, log: silentLogger, enabled: true, config, stateDir: records });

/** Another one for the rest of the test, such as one that the operator set up in another way. */
export function useDriver(other: TaskDriver): void {
  driver = other;
}

/** Each test of the file gets a driver with folders of its own, and leaves no task behind. */
export function useRawExec(): void {
  beforeEach(() => {
    bench = makeDriverBench();
    records = join(bench.dir, "records");
    driver = open();
  });
  afterEach(async () => {
    for (const task of await driver.list(bench.owner, signal))
      await driver.remove(task.handle, signal);
    bench.clean();
  });
}

export const script = (text: string, more = {}) => ({
  command: "/bin/sh",
  args: ["-c", text],
  ...more,
});
export const start = (text: string, more = {}, change: Partial<TaskSpec> = {}) =>
  driver.start(bench.spec(script(text, more), change), () => undefined, signal);
export const ended = (handle: string) =>
  until("the task to end", async () => {
    const task = await driver.inspect(handle, signal);
    return task?.state === "exited" ? task : undefined;
  });
export const textOf = async (handle: string): Promise<string> => {
  let text = "";
  for await (const chunk of driver.output(handle, null, signal))
    text += Buffer.from(chunk.data).toString();
  return text;
};
export const firstLine = async (handle: string): Promise<string> => {
  let text = "";
  for await (const chunk of driver.output(handle, null, signal)) {
    text += Buffer.from(chunk.data).toString();
    if (text.includes("\n")) break;
  }
  return text.trim();
};
export async function textSoFar(handle: string, wanted: string): Promise<string> {
  let text = "";
  for await (const chunk of driver.output(handle, null, signal)) {
    text += Buffer.from(chunk.data).toString();
    if (text.includes(wanted)) break;
  }
  return text;
}
export const placeOf = (handle: string): TaskPlace =>
  JSON.parse(readFileSync(join(records, handle, "place.json"), "utf8")) as TaskPlace;
interface Written {
  wrapper: number;
  wrapperStart: string;
  pid: number;
  pidStart: string;
}
export const recordOf = (handle: string): Written =>
  JSON.parse(readFileSync(join(records, handle, "process.json"), "utf8")) as Written;

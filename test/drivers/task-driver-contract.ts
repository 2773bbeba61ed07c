import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LogChunk, TaskDriver, TaskKey, TaskOwner, TaskSpec } from "../../src/drivers/port.ts";
import type { JsonMap } from "../../src/model/job.ts";
import { makeDriverBench } from "../support/driver-spec.ts";
import type { Behaviour } from "../support/task-behaviours.ts";
import { until } from "../support/until.ts";

export interface DriverHarness {
  /** A new driver over the same engine: what a restarted agent has. */
  readonly open: (dir: string) => TaskDriver;
  /** A config of this driver for a task that behaves like this. */
  readonly config: (behaviour: Behaviour) => JsonMap;
  /** An option of this driver with a typing mistake, where it has no `args`. */
  readonly misspelt?: { readonly written: string; readonly meant: string };
}

/** What every task driver must do, whatever runs behind it. */
export function taskDriverContract(name: string, harness: DriverHarness): void {
  describe(`the ${name} driver`, () => {
    let bench: ReturnType<typeof makeDriverBench>;
    let dir: string;
    let driver: TaskDriver;
    let owner: TaskOwner;
    const signal = new AbortController().signal;

    beforeEach(() => {
      bench = makeDriverBench();
      ({ dir, owner } = bench);
      driver = harness.open(dir);
    });
    afterEach(async () => {
      for (const task of await driver.list(owner, signal)) await driver.remove(task.handle, signal);
      bench.clean();
    });

    const spec = (behaviour: Behaviour, change: Partial<TaskSpec> = {}): TaskSpec =>
      bench.spec(harness.config(behaviour), change);
    const start = (wanted: TaskSpec) => driver.start(wanted, () => undefined, signal);
    const exited = (handle: string) =>
      until("the task to end", async () => {
        const task = await driver.inspect(handle, signal);
        return task?.state === "exited" ? task : undefined;
      });
    async function firstChunk(handle: string): Promise<LogChunk> {
      for await (const chunk of driver.output(handle, null, signal)) return chunk;
      throw new Error("no output");
    }
    async function outputOf(
      from: TaskDriver,
      handle: string,
      cursor: string | null,
    ): Promise<LogChunk[]> {
      const chunks: LogChunk[] = [];
      for await (const chunk of from.output(handle, cursor, signal))
        chunks.push({ ...chunk, data: Buffer.from(chunk.data) });
      return chunks;
    }
    const textOf = (chunks: readonly LogChunk[], stream: string) =>
      chunks
        .filter((chunk) => chunk.stream === stream)
        .map((chunk) => Buffer.from(chunk.data).toString())
        .join("");

    test("a task runs with its environment and reports its exit code", async () => {
      const task = await start(spec("greets and exits with 3"));
      const ended = await exited(task.handle);
      expect(ended.exit).toMatchObject({ code: 3, oomKilled: false });
      expect(Date.parse(ended.finishedAt ?? "")).toBeGreaterThanOrEqual(
        Date.parse(ended.startedAt ?? ""),
      );
      const chunks = await outputOf(driver, task.handle, null);
      expect([textOf(chunks, "stdout"), textOf(chunks, "stderr")]).toEqual(["hello\n", "oops\n"]);
    });

    test("a task with a whole core and with variables of devices runs as any other", async () => {
      const resources = { cpuShares: 50, memoryMb: 32, memoryMaxMb: 0, cores: [0] };
      const task = await start(spec("greets and exits with 3", { resources, deviceEnv: {} }));
      expect((await exited(task.handle)).exit).toMatchObject({ code: 3 });
    });

    test("starting the same attempt again adopts the task that runs", async () => {
      const wanted = spec("runs on");
      const first = await start(wanted);
      const second = await start(wanted);
      expect(second.handle).toBe(first.handle);
      expect(await driver.list(owner, signal)).toHaveLength(1);
    });

    test("a restarted agent finds its own tasks by their owner, and nobody else's", async () => {
      const wanted = spec("runs on");
      const task = await start(wanted);
      const restarted = harness.open(dir);
      expect(await restarted.list(owner, signal)).toMatchObject([
        { key: wanted.key, handle: task.handle, specHash: "hash", attempt: 0, state: "running" },
      ]);
      expect(await restarted.list({ ...owner, nodeId: "other" }, signal)).toEqual([]);
    });

    test("stop asks with the signal first and kills what does not listen", async () => {
      const polite = await start(spec("exits with 7 on SIGTERM"));
      const deaf = await start(spec("ignores signals"));
      // A trap is in place a moment after the start; the signals below must not come before it.
      await firstChunk(polite.handle);
      await firstChunk(deaf.handle);
      await driver.stop(polite.handle, { signal: "SIGTERM", timeoutMs: 10_000 }, signal);
      await driver.stop(deaf.handle, { signal: "SIGTERM", timeoutMs: 300 }, signal);
      expect((await exited(polite.handle)).exit?.code).toBe(7);
      expect((await exited(deaf.handle)).exit?.code).toBe(137);
    });

    test("stop and remove of what is gone are fine", async () => {
      const task = await start(spec("exits with 0"));
      await exited(task.handle);
      await driver.stop(task.handle, { signal: "", timeoutMs: 100 }, signal);
      await driver.remove(task.handle, signal);
      await driver.remove(task.handle, signal);
      expect(await driver.inspect(task.handle, signal)).toBeUndefined();
    });

    test("output goes on after its cursor, also in a restarted agent, without gap or doublet", async () => {
      const task = await start(spec("prints eight lines"));
      await exited(task.handle);
      const first = await firstChunk(task.handle);
      const rest = await outputOf(harness.open(dir), task.handle, first.cursor);
      const text = textOf([first, ...rest], "stdout");
      expect(text).toBe([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `line ${n}\n`).join(""));
    });

    test("a higher attempt is a new start of the same task", async () => {
      const wanted = spec("exits with 1");
      const first = await start(wanted);
      await exited(first.handle);
      const second = await start({ ...wanted, attempt: 1 });
      expect(second.handle).not.toBe(first.handle);
      expect((await exited(second.handle)).attempt).toBe(1);
      await driver.remove(first.handle, signal);
    });

    test("watch gives a hint when a task ends", async () => {
      const hints: TaskKey[] = [];
      const watch = driver.watch(owner, (key) => hints.push(key));
      const wanted = spec("ends soon");
      await start(wanted);
      await until("the hint", () =>
        hints.some((key) => key.allocationId === wanted.key.allocationId),
      );
      watch.close();
    });

    test("a start that is asked for again after the task ended does not run it twice", async () => {
      const wanted = spec("exits with 1");
      const first = await start(wanted);
      await exited(first.handle);
      expect(await start(wanted)).toMatchObject({ handle: first.handle, state: "exited" });
    });

    test("a signal reaches the task", async () => {
      const task = await start(spec("exits with 7 on SIGTERM"));
      await firstChunk(task.handle);
      await driver.signal(task.handle, "SIGTERM", signal);
      expect((await exited(task.handle)).exit?.code).toBe(7);
    });

    test("output follows a task that runs on and ends when its reader stops", async () => {
      const task = await start(spec("exits with 7 on SIGTERM"));
      const stop = new AbortController();
      const seen: LogChunk[] = [];
      for await (const chunk of driver.output(task.handle, null, stop.signal)) {
        seen.push(chunk);
        stop.abort(new Error("enough"));
      }
      expect(textOf(seen, "stdout")).toBe("ready\n");
    });

    test("an unknown option is refused with its near miss before anything runs", () => {
      const { written, meant } = harness.misspelt ?? { written: "arsg", meant: "args" };
      const diagnostics = driver.validate({ ...harness.config("exits with 0"), [written]: [] });
      expect(diagnostics).toMatchObject([
        { summary: `unknown option config.${written}`, detail: `did you mean ${meant}?` },
      ]);
    });

    test("usage is read while a task runs and gone afterwards", async () => {
      const task = await start(spec("runs on"));
      expect((await driver.stats(task.handle, signal))?.memory.rss).toBeGreaterThan(0);
      await driver.remove(task.handle, signal);
      expect(await driver.stats(task.handle, signal)).toBeUndefined();
    });
  });
}

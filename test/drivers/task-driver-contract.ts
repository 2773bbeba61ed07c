import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonMap } from "../../src/model/job.ts";
import { allocationId } from "../../src/model/ids.ts";
import type { LogChunk, TaskDriver, TaskKey, TaskOwner, TaskSpec } from "../../src/drivers/port.ts";
import { systemRandom } from "../../src/lib/system/random.ts";
import { until } from "../support/until.ts";

export interface DriverHarness {
  /** A new driver over the same engine: what a restarted agent has. */
  readonly open: (dir: string) => TaskDriver;
  /** A config that runs this shell script. */
  readonly script: (text: string) => JsonMap;
}

/** What every task driver must do, whatever runs behind it. */
export function taskDriverContract(name: string, harness: DriverHarness): void {
  describe(`the ${name} driver`, () => {
    let dir: string;
    let driver: TaskDriver;
    let owner: TaskOwner;
    const signal = new AbortController().signal;

    beforeEach(() => {
      dir = mkdtempSync(join(tmpdir(), "driver-"));
      owner = { cluster: `test-${systemRandom.uuid()}`, nodeId: systemRandom.uuid() };
      driver = harness.open(dir);
    });
    afterEach(async () => {
      for (const task of await driver.list(owner, signal)) await driver.remove(task.handle, signal);
      rmSync(dir, { recursive: true, force: true });
    });

    function spec(script: string, change: Partial<TaskSpec> = {}): TaskSpec {
      const key = change.key ?? { allocationId: allocationId(systemRandom.uuid()), task: "web" };
      const allocation = join(dir, key.allocationId);
      const directories = {
        allocation,
        shared: join(allocation, "alloc"),
        logs: join(allocation, "alloc", "logs"),
        task: join(allocation, key.task),
        local: join(allocation, key.task, "local"),
        secrets: join(allocation, key.task, "secrets"),
      };
      for (const path of Object.values(directories)) mkdirSync(path, { recursive: true });
      return {
        key,
        owner,
        jobId: "job",
        namespace: "default",
        group: "group",
        specHash: "hash",
        attempt: 0,
        config: harness.script(script),
        env: { GREETING: "hello", PATH: "/usr/local/bin:/usr/bin:/bin" },
        user: "",
        resources: { cpuShares: 50, memoryMb: 32, memoryMaxMb: 0 },
        ports: [],
        directories,
        logConfig: { MaxFiles: 2, MaxFileSizeMB: 1, Disabled: false },
        ...change,
      };
    }
    const start = (wanted: TaskSpec) => driver.start(wanted, () => undefined, signal);
    const exited = (handle: string) =>
      until("the task to end", async () => {
        const task = await driver.inspect(handle, signal);
        return task?.state === "exited" ? task : undefined;
      });
    async function outputOf(
      from: TaskDriver,
      handle: string,
      cursor: string | null,
    ): Promise<LogChunk[]> {
      const chunks: LogChunk[] = [];
      for await (const chunk of from.output(handle, cursor, signal)) chunks.push(chunk);
      return chunks;
    }
    const textOf = (chunks: readonly LogChunk[], stream: string) =>
      chunks
        .filter((chunk) => chunk.stream === stream)
        .map((chunk) => Buffer.from(chunk.data).toString())
        .join("");

    test("a task runs with its environment and reports its exit code", async () => {
      const task = await start(spec('echo "$GREETING"; echo oops >&2; exit 3'));
      const ended = await exited(task.handle);
      expect(ended.exit).toMatchObject({ code: 3, oomKilled: false });
      expect(Date.parse(ended.finishedAt ?? "")).toBeGreaterThanOrEqual(
        Date.parse(ended.startedAt ?? ""),
      );
      const chunks = await outputOf(driver, task.handle, null);
      expect([textOf(chunks, "stdout"), textOf(chunks, "stderr")]).toEqual(["hello\n", "oops\n"]);
    });

    test("starting the same attempt again adopts the task that runs", async () => {
      const wanted = spec("sleep 60");
      const first = await start(wanted);
      const second = await start(wanted);
      expect(second.handle).toBe(first.handle);
      expect(await driver.list(owner, signal)).toHaveLength(1);
    });

    test("a restarted agent finds its own tasks by their owner, and nobody else's", async () => {
      const wanted = spec("sleep 60");
      const task = await start(wanted);
      const restarted = harness.open(dir);
      expect(await restarted.list(owner, signal)).toMatchObject([
        { key: wanted.key, handle: task.handle, specHash: "hash", attempt: 0, state: "running" },
      ]);
      expect(await restarted.list({ ...owner, nodeId: "other" }, signal)).toEqual([]);
    });

    test("stop asks with the signal first and kills what does not listen", async () => {
      const polite = await start(spec("trap 'exit 7' TERM; while true; do sleep 0.05; done"));
      const deaf = await start(spec("trap '' TERM INT; while true; do sleep 0.05; done"));
      await until("both scripts to have set their traps", async () => {
        const running = await driver.list(owner, signal);
        return running.every((task) => task.state === "running") && running.length === 2;
      });
      // A trap is in place a moment after the start; the signal below must not come before it.
      await until(
        "the traps",
        () => new Promise<true>((resolve) => setTimeout(resolve, 400, true)),
      );
      await driver.stop(polite.handle, { signal: "SIGTERM", timeoutMs: 10_000 }, signal);
      await driver.stop(deaf.handle, { signal: "SIGTERM", timeoutMs: 300 }, signal);
      expect((await exited(polite.handle)).exit?.code).toBe(7);
      expect((await exited(deaf.handle)).exit?.code).toBe(137);
    });

    test("stop and remove of what is gone are fine", async () => {
      const task = await start(spec("true"));
      await exited(task.handle);
      await driver.stop(task.handle, { signal: "", timeoutMs: 100 }, signal);
      await driver.remove(task.handle, signal);
      await driver.remove(task.handle, signal);
      expect(await driver.inspect(task.handle, signal)).toBeUndefined();
    });

    test("output goes on after its cursor, also in a restarted agent, without gap or doublet", async () => {
      const task = await start(spec("for n in 1 2 3 4 5 6 7 8; do echo line $n; done"));
      await exited(task.handle);
      const first: LogChunk[] = [];
      for await (const chunk of driver.output(task.handle, null, signal)) {
        first.push(chunk);
        break;
      }
      const rest = await outputOf(harness.open(dir), task.handle, first[0]?.cursor ?? null);
      const text = textOf([...first, ...rest], "stdout");
      expect(text).toBe([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `line ${n}\n`).join(""));
    });

    test("a higher attempt is a new start of the same task", async () => {
      const wanted = spec("exit 1");
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
      const wanted = spec("sleep 0.3");
      await start(wanted);
      await until("the hint", () =>
        hints.some((key) => key.allocationId === wanted.key.allocationId),
      );
      watch.close();
    });

    test("an unknown option is refused with its near miss before anything runs", () => {
      const diagnostics = driver.validate({ ...harness.script("true"), arsg: [] });
      expect(diagnostics).toMatchObject([
        { summary: "unknown option config.arsg", detail: "did you mean args?" },
      ]);
    });

    test("usage is read while a task runs and gone afterwards", async () => {
      const task = await start(spec("sleep 60"));
      expect((await driver.stats(task.handle, signal))?.memory.rss).toBeGreaterThan(0);
      await driver.remove(task.handle, signal);
      expect(await driver.stats(task.handle, signal)).toBeUndefined();
    });
  });
}

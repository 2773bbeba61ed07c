import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ExecRequest, TaskDriver, TaskSpec } from "../../src/drivers/port.ts";
import { makeDriverBench } from "../support/driver-spec.ts";
import { until } from "../support/until.ts";
import type { DriverHarness } from "./task-driver-contract.ts";
import type { CommandSession } from "../../src/lib/command-session.ts";

/** What every driver must do that runs commands inside tasks with a shell in them. */
export function execContract(name: string, harness: DriverHarness): void {
  describe(`commands inside a task of ${name}`, () => {
    let bench: ReturnType<typeof makeDriverBench>;
    let driver: TaskDriver;
    const signal = new AbortController().signal;

    beforeEach(() => {
      bench = makeDriverBench();
      driver = harness.open(bench.dir);
    });
    afterEach(async () => {
      for (const task of await driver.list(bench.owner, signal))
        await driver.remove(task.handle, signal);
      bench.clean();
    });

    const start = (change: Partial<TaskSpec> = {}) =>
      driver.start(bench.spec(harness.config("runs on"), change), () => undefined, signal);
    async function run(
      handle: string,
      script: string,
      request: Partial<ExecRequest> = {},
      end: AbortSignal = signal,
    ): Promise<CommandSession> {
      if (driver.exec === undefined) throw new Error("the driver runs no commands inside tasks");
      return driver.exec(
        handle,
        { command: ["/bin/sh", "-c", script], tty: false, ...request },
        end,
      );
    }
    async function finished(session: CommandSession) {
      const text = { stdout: "", stderr: "" };
      for await (const { stream, data } of session.output)
        text[stream] += Buffer.from(data).toString();
      return { ...text, code: await session.exit };
    }
    /** Reads on until the text is there; the rest stays for the next look. */
    function reader(session: CommandSession) {
      const pieces = session.output[Symbol.asyncIterator]();
      let seen = "";
      return async (wanted: string): Promise<string> => {
        while (!seen.includes(wanted)) {
          const next = await pieces.next();
          if (next.done === true) throw new Error(`it ended before ${wanted}: ${seen}`);
          seen += Buffer.from(next.value.data).toString();
        }
        return seen;
      };
    }

    test("a command has the task's variables and its own, both streams and its exit code", async () => {
      const { handle } = await start();
      const session = await run(handle, 'echo "$GREETING $OWN"; echo oops >&2; exit 3', {
        env: { OWN: "mine" },
      });
      expect(await finished(session)).toEqual({
        stdout: "hello mine\n",
        stderr: "oops\n",
        code: 3,
      });
    });

    test("a restarted agent runs commands inside the tasks that it found again", async () => {
      const { handle } = await start();
      driver = harness.open(bench.dir);
      expect(await finished(await run(handle, "echo $GREETING"))).toMatchObject({
        stdout: "hello\n",
      });
    });

    test("what is written comes in, and the end of the input is seen", async () => {
      const { handle } = await start();
      const session = await run(handle, "cat; echo end");
      session.write(Buffer.from("one\n"));
      session.write(Buffer.from("two\n"));
      session.endInput();
      expect(await finished(session)).toEqual({ stdout: "one\ntwo\nend\n", stderr: "", code: 0 });
    });

    test("a megabyte comes through whole", async () => {
      const { handle } = await start();
      const { stdout } = await finished(await run(handle, "head -c 1048576 /dev/zero"));
      expect(stdout).toHaveLength(1_048_576);
    });

    test("a command that a signal ends shows it in its code", async () => {
      const { handle } = await start();
      expect((await finished(await run(handle, "kill -9 $$"))).code).toBe(137);
    });

    test("a command that is not there is 127 and says so", async () => {
      const { handle } = await start();
      const session = await run(handle, "", { command: ["/no/such/program"] });
      const { code, stderr } = await finished(session);
      expect(code).toBe(127);
      expect(stderr).toContain("/no/such/program");
    });

    test("closing ends the command, and so does the signal that it was started with", async () => {
      const { handle } = await start();
      const session = await run(handle, "echo $$; sleep 1000");
      await reader(session)("\n");
      session.close();
      expect(await session.exit).toBe(137);
      const end = new AbortController();
      const other = await run(handle, "echo on; sleep 1000", {}, end.signal);
      await reader(other)("on");
      end.abort(new Error("enough"));
      expect(await other.exit).toBe(137);
    });

    test("a command that goes on in the background does not hold the reader", async () => {
      const { handle } = await start();
      const { stdout } = await finished(await run(handle, "sleep 1000 & echo done"));
      expect(stdout).toBe("done\n");
    });

    test("a terminal echoes, has the size that it is given, and hangs up", async () => {
      const { handle } = await start();
      const session = await run(handle, "test -t 0 && test -t 1 && echo ready; cat", { tty: true });
      const read = reader(session);
      await read("ready\r\n");
      session.write(Buffer.from("typed\n"));
      // Once as the terminal's echo, once from the command.
      await read("typed\r\ntyped\r\n");
      session.close();
      expect(await session.exit).toBeGreaterThan(128);
    });

    test("a terminal can be resized", async () => {
      const { handle } = await start();
      const session = await run(
        handle,
        "trap 'stty size' WINCH; echo on; while :; do sleep 0.1; done",
        {
          tty: true,
        },
      );
      const read = reader(session);
      await read("on");
      session.resize(133, 44);
      await read("44 133");
      session.close();
      expect(await session.exit).toBeGreaterThan(128);
    });

    test("a terminal's command gives its exit code, and the end of input ends a shell", async () => {
      const { handle } = await start();
      const session = await run(handle, "", { tty: true, command: ["/bin/sh"] });
      session.write(Buffer.from("exit 5\n"));
      expect(await finished(session)).toMatchObject({ code: 5 });
    });

    test("stopping the task ends what runs beside it", async () => {
      const { handle } = await start();
      const session = await run(handle, "echo on; sleep 1000");
      await reader(session)("on");
      await driver.stop(handle, { signal: "SIGKILL", timeoutMs: 1_000 }, signal);
      expect(await session.exit).toBe(137);
    });

    test("nothing runs inside a task that has ended", async () => {
      const { handle } = await start();
      await driver.stop(handle, { signal: "SIGKILL", timeoutMs: 1_000 }, signal);
      await until(
        "the end",
        async () => (await driver.inspect(handle, signal))?.state === "exited",
      );
      await expect(run(handle, "true")).rejects.toMatchObject({ code: "driver" });
    });
  });
}

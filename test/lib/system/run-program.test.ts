import { afterEach, beforeEach, expect, test } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../../src/lib/system/run-program.ts";
import { writeProgram } from "../../support/write-program.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "run-program-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const run = (script: string, over: Partial<Parameters<typeof runProgram>[2]> = {}) => {
  writeProgram(dir, "program", script);
  return runProgram("program", ["a b"], {
    env: { PATH: `${dir}:/bin:/usr/bin` },
    timeoutMs: 20_000,
    maxBytes: 1_000,
    signal: new AbortController().signal,
    ...over,
  });
};

test("answers what was printed and the exit code, with only the variables given", async () => {
  expect(await run('echo "$1:$HOME"; echo no >&2; exit 3')).toEqual({
    code: 3,
    stdout: "a b:\n",
    stderr: "no\n",
  });
});

test("one that takes too long is given up and ended, with what it has started", async () => {
  let ended = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    ended = resolve;
  });
  await expect(run("sleep 600 & sleep 600", { timeoutMs: 100, ended })).rejects.toMatchObject({
    code: "timeout",
  });
  await gone;
});

test("one that prints without end is given up", async () => {
  await expect(run("while :; do echo xxxxxxxxxxxxxxxx; done")).rejects.toThrow(
    "printed more than 1000 bytes",
  );
});

test("one that is not there, or is called off, is told apart", async () => {
  const missing = runProgram("no-such-program", [], {
    env: { PATH: dir },
    timeoutMs: 20_000,
    maxBytes: 10,
    signal: new AbortController().signal,
  });
  await expect(missing).rejects.toMatchObject({ code: "not-found" });
  const abort = new AbortController();
  const running = run("sleep 600", { signal: abort.signal });
  abort.abort(new Error("not needed any more"));
  await expect(running).rejects.toThrow("not needed any more");
  await expect(run("true", { signal: abort.signal })).rejects.toThrow("not needed any more");
});

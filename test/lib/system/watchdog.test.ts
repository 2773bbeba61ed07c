import { spawn } from "node:child_process";
import { expect, test } from "vitest";

const module = new URL("../../../src/lib/system/watchdog.ts", import.meta.url).href;
const preload = new URL("../../support/typescript-in-threads.mjs", import.meta.url).href;

test("a main thread that hangs in a call ends the process with the reason", async () => {
  const { signal, errors } = await run(`
    watchMainThread(500);
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 100);
  `);
  expect(signal).toBe("SIGKILL");
  expect(errors).toMatch(/^==> The main thread has made no step for \d+ s, the agent ends itself/m);
});

test("one that goes on is left alone, and so is a process that ends or stops the watch", async () => {
  const idle = await run(`watchMainThread(10_000); setTimeout(() => console.log("done"), 1_500);`);
  expect(idle).toEqual({ signal: null, code: 0, output: "done\n", errors: "" });
  const stopped = await run(`
    await watchMainThread(200).stop();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
    console.log("done");
  `);
  expect(stopped).toEqual({ signal: null, code: 0, output: "done\n", errors: "" });
});

interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function run(body: string): Promise<Ended> {
  const program = `import(${JSON.stringify(module)}).then(async ({ watchMainThread }) => { ${body} })`;
  const child = spawn(process.execPath, ["--import", preload, "-e", program], {
    env: { ...process.env, TYPESCRIPT_IN_MAIN: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (part: Buffer) => {
    output += part.toString();
  });
  child.stderr.on("data", (part: Buffer) => {
    errors += part.toString();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ signal, code, output, errors });
    });
  });
}

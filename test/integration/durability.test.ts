import { spawn } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { jobId } from "../../src/model/ids.ts";
import { openTestStore, temporaryFolder } from "../support/store.ts";

/** How many writes each life of the writer has acknowledged, and how long after that it is killed, in the next ones. */
const lives = [
  { writes: 1, pauseMs: 0 },
  { writes: 60, pauseMs: 3 },
  { writes: 7, pauseMs: 9 },
  { writes: 90, pauseMs: 1 },
  { writes: 25, pauseMs: 6 },
];
const support = new URL("../support/", import.meta.url);

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

test("every acknowledged write survives kill -9 at any moment", async () => {
  const acknowledged: string[] = [];
  for (const [run, life] of lives.entries())
    acknowledged.push(...(await writeUntilKilled(folder.path, String(run), life)));
  const store = await openTestStore(folder.path);
  const lost = acknowledged.filter(
    (id) => store.read.job({ namespace: "default", id: jobId(id) }) === undefined,
  );
  const evaluations = store.read.evaluations({}).length;
  const jobs = store.read.jobs({}).length;
  await store.close();
  expect(lost).toEqual([]);
  expect(acknowledged.length).toBeGreaterThanOrEqual(
    lives.reduce((sum, { writes }) => sum + writes, 0),
  );
  // A job and its evaluation are one entry: never one without the other.
  expect(evaluations).toBe(jobs);
});

/** Ids that the writer saw acknowledged before it was killed. */
function writeUntilKilled(
  dataDir: string,
  run: string,
  { writes, pauseMs }: (typeof lives)[number],
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const preload = new URL("typescript-in-threads.mjs", support).href;
    const program = new URL("store-writer.ts", support).pathname;
    const child = spawn(process.execPath, ["--import", preload, program, dataDir, run], {
      env: { ...process.env, TYPESCRIPT_IN_MAIN: "1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    let isKilled = false;
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString();
      // The first line says that it begins.
      if (isKilled || output.split("\n").length - 2 < writes) return;
      isKilled = true;
      // At other moments between two answers; whichever it is, what was acknowledged has to be there.
      setTimeout(() => child.kill("SIGKILL"), pauseMs);
    });
    child.on("error", reject);
    child.on("close", (_code, signal) => {
      // The last line may be cut off by the kill.
      const lines = output.split("\n").slice(0, -1);
      if (signal === "SIGKILL") resolve(lines.filter((line) => line !== "ready"));
      else reject(new Error("the writer ended by itself"));
    });
  });
}

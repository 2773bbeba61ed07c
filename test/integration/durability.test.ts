import { spawn } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { jobId } from "../../src/model/ids.ts";
import { openTestStore, temporaryFolder } from "../support/store.ts";

const budgetMs = 10_000;
const support = new URL("../support/", import.meta.url);

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

test("every acknowledged write survives kill -9 at any moment", { timeout: 60_000 }, async () => {
  const end = performance.now() + budgetMs;
  const acknowledged: string[] = [];
  let kills = 0;
  while (performance.now() < end) {
    acknowledged.push(...(await writeUntilKilled(folder.path, String(kills))));
    kills += 1;
  }
  const store = await openTestStore(folder.path);
  const lost = acknowledged.filter(
    (id) => store.read.job({ namespace: "default", id: jobId(id) }) === undefined,
  );
  const evaluations = store.read.evaluations({}).length;
  const jobs = store.read.jobs({}).length;
  await store.close();
  expect(lost).toEqual([]);
  expect(kills).toBeGreaterThan(3);
  expect(acknowledged.length).toBeGreaterThan(100);
  // A job and its evaluation are one entry: never one without the other.
  expect(evaluations).toBe(jobs);
  console.log(`${kills} kills, ${acknowledged.length} acknowledged writes, ${jobs} stored`);
});

/** Ids that the writer saw acknowledged before it was killed. */
function writeUntilKilled(dataDir: string, run: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const preload = new URL("typescript-in-threads.mjs", support).href;
    const program = new URL("store-writer.ts", support).pathname;
    const child = spawn(process.execPath, ["--import", preload, program, dataDir, run], {
      env: { ...process.env, TYPESCRIPT_IN_MAIN: "1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (part: Buffer) => {
      if (output === "") setTimeout(() => child.kill("SIGKILL"), Math.random() * 300);
      output += part.toString();
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

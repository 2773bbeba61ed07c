import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { unmountSecrets } from "../../src/node/secrets-mount.ts";
import { sleeper } from "../support/job-files.ts";
import { liveAgent, runningContainers, type LiveAgent } from "../support/live-agent.ts";
import { privateEngine, type PrivateEngine } from "../support/private-dockerd.ts";
import { until } from "../support/until.ts";
import { expectRestarted, type FaultBench, faultBench, politeOnce } from "./engine-faults.ts";

let engine: PrivateEngine | undefined;
let bench: FaultBench | undefined;
let agent: LiveAgent | undefined;
let disk: string | undefined;
afterEach(async () => {
  await bench?.cleanUp();
  await agent?.cleanUp();
  await engine?.cleanUp();
  if (disk !== undefined) {
    execFileSync("umount", ["-l", disk]);
    rmSync(disk, { recursive: true, force: true });
  }
  engine = bench = agent = disk = undefined;
}, 120_000);

test("logs that find no room wait for it, and then go on without a gap or a doublet", async () => {
  disk = mkdtempSync(join(tmpdir(), "full-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "none", disk]);
  agent = await liveAgent({
    dev: false,
    config: `client {
 alloc_dir = "${disk}"
 disk_total_mb = 10000
 }`,
  });
  const own = agent;
  await own.start();
  const command = "i=0; while :; do echo line $i; i=$((i+1)); sleep 0.02; done";
  writeFileSync(join(own.jobsDir, "talk.nomad"), sleeper("talk", { command }));
  const path = await until("the log", () => logIn(disk ?? ""));
  const lines = (): readonly string[] => readFileSync(path, "utf8").split("\n").filter(Boolean);
  await until("some lines", () => lines().length > 20);
  const before = await runningContainers(own);
  fill(join(disk, "filler"));
  await until("the copying to fail", () => own.output().includes("copying output failed"), {
    timeoutMs: 60_000,
  });
  expect(await runningContainers(own)).toEqual(before);
  expect(own.isRunning()).toBe(true);
  const reached = lines().length;
  rmSync(join(disk, "filler"));
  await until(
    "the lines of the time without room, and more",
    () => lines().length > reached + 500,
    {
      timeoutMs: 90_000,
    },
  );
  const whole = lines().slice(0, -1);
  expect(whole).toEqual(whole.map((_line, at) => `line ${at}`));
  expect(await runningContainers(own)).toEqual(before);
}, 240_000);

test("after the machine was off each task is started once, with its ports, and charged for nothing", async () => {
  engine = await privateEngine("busybox:1.36");
  bench = await faultBench(engine, engine.socket);
  const extra = 'network {\n mode = "bridge"\n port "http" { to = 80 }\n }';
  await bench.fill(2, { ...politeOnce, extra });
  const ports = async (): Promise<readonly number[]> =>
    ((await engine?.docker.listContainers()) ?? [])
      .flatMap(({ Ports }) => Ports.map(({ PublicPort }) => PublicPort))
      .filter((port) => port > 0)
      .toSorted((a, b) => a - b);
  const before = await ports();
  expect(new Set(before).size).toBe(2);
  await bench.agent.stop("SIGKILL");
  await engine.stop();
  // What was in memory only is gone with the power.
  unmountSecrets(bench.agent.dir);
  await engine.start();
  await bench.agent.start();
  await expectRestarted(bench, 2, 1, 4);
  expect(await ports()).toEqual(before);
}, 180_000);

function logIn(root: string): string | undefined {
  const found = readdirSync(root, { recursive: true, encoding: "utf8" });
  const log = found.find((path) => path.endsWith("t.stdout.0"));
  return log && join(root, log);
}

/** Until the disk takes no byte more. */
function fill(path: string): void {
  for (const size of [64 * 1024, 1024, 1])
    for (let isRoom = true; isRoom;)
      try {
        writeFileSync(path, Buffer.alloc(size), { flag: "a" });
      } catch {
        // Full for pieces of this size.
        isRoom = false;
      }
}

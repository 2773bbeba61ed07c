import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { allocationId, nodeId } from "../../src/model/ids.ts";
import type { AllocationReport } from "../../src/model/allocation.ts";
import type { DesiredAllocation } from "../../src/reconciler/ports.ts";
import { buildDesired, scriptedGroup, scriptedJob, scriptedTask } from "../support/scripted-job.ts";
import { until } from "../support/until.ts";

/** The node on a real Docker engine, in a process that is really killed. */
let directory: string;
let cluster: string;
let child: ChildProcess | undefined;
let reports: AllocationReport[];
let owner = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "node-docker-"));
  cluster = `test-${randomUUID()}`;
  reports = [];
  owner = "";
});
afterEach(() => {
  child?.kill("SIGKILL");
  const left = containers();
  if (left.length > 0) docker("rm", "-f", ...left);
  rmSync(directory, { recursive: true, force: true });
});

const docker = (...args: string[]): string => execFileSync("docker", args, { encoding: "utf8" });
const containers = (...filter: string[]): string[] =>
  docker(
    "ps",
    "-a",
    "-q",
    "--no-trunc",
    "--filter",
    `label=io.nomad-ts.cluster=${cluster}`,
    ...filter,
  )
    .split("\n")
    .filter((id) => id !== "");

async function startNode(killAt = ""): Promise<ChildProcess> {
  const hooks = new URL("../support/typescript-in-threads.mjs", import.meta.url).href;
  const program = new URL("./node-process.ts", import.meta.url).pathname;
  const started = spawn(process.execPath, ["--import", hooks, program, directory, cluster], {
    env: { ...process.env, TYPESCRIPT_IN_MAIN: "1", KILL_AT: killAt },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child = started;
  let isReady = false;
  createInterface({ input: started.stdout }).on("line", (line) => {
    const { kind, body } = JSON.parse(line) as { kind: string; body: unknown };
    if (kind === "report") reports.push(body as AllocationReport);
    else {
      owner = body as string;
      isReady = true;
    }
  });
  // Writing to a process that was just killed is part of these tests.
  started.stdin.on("error", () => undefined);
  await until("node process", () => isReady || started.signalCode !== null);
  return started;
}

function counting(): DesiredAllocation {
  const config = {
    image: "busybox:1.36",
    command: "/bin/sh",
    args: ["-c", "i=0; while true; do i=$((i+1)); echo line $i; sleep 0.02; done"],
  };
  const task = scriptedTask({ Driver: "docker", Config: config, KillTimeout: 1e9 });
  const job = scriptedJob({ TaskGroups: [scriptedGroup({ Tasks: [task] })] });
  return buildDesired(job, { ID: allocationId(randomUUID()), NodeID: nodeId(owner) });
}
const give = (desired: DesiredAllocation): void => {
  child?.stdin?.write(`${JSON.stringify(desired)}\n`);
};
const isRunning = (): boolean => reports.at(-1)?.clientStatus === "running";
const gone = (killed: ChildProcess): Promise<unknown> =>
  until("the process is gone", () => killed.exitCode !== null || killed.signalCode !== null);

function lines(desired: DesiredAllocation): readonly string[] {
  const logs = join(directory, "alloc", desired.allocation.ID, "alloc", "logs");
  const names = readdirSync(logs).filter((name) => name.startsWith("main.stdout."));
  const text = names.map((name) => readFileSync(join(logs, name), "utf8")).join("");
  return text.split("\n").slice(0, -1);
}

test("a killed node finds its container running, untouched, and its log goes on without a gap", async () => {
  const first = await startNode();
  const desired = counting();
  give(desired);
  await until("running", isRunning);
  await until("lines", () => lines(desired).length > 20);
  const [id = ""] = containers();
  const format = "{{.State.Pid}} {{.State.StartedAt}}";
  const before = docker("inspect", "-f", format, id);
  first.kill("SIGKILL");
  await gone(first);
  const copied = lines(desired).length;
  await until("more output meanwhile", () => docker("logs", id).split("\n").length > copied + 30);
  await startNode();
  give(desired);
  await until("lines again", () => lines(desired).length > copied + 60);
  expect(containers()).toEqual([id]);
  expect(docker("inspect", "-f", format, id)).toBe(before);
  const now = lines(desired);
  expect(now).toEqual(now.map((_line, at) => `line ${at + 1}`));
  give({ ...desired, allocation: { ...desired.allocation, DesiredStatus: "stop" } });
  await until("removed", () => containers().length === 0);
});

test.each([
  "record-before:1",
  "record-after:1",
  "start-before:1",
  "start-after:1",
  "record-before:3",
])("a node killed at %s leaves exactly one container to the next", async (moment) => {
  const doomed = await startNode(moment);
  const desired = counting();
  give(desired);
  await gone(doomed);
  expect(doomed.signalCode).toBe("SIGKILL");
  await startNode();
  give(desired);
  await until("running", isRunning);
  await until("lines", () => lines(desired).length > 10);
  expect(containers("--filter", "status=running")).toHaveLength(1);
  expect(containers()).toHaveLength(1);
  const now = lines(desired);
  expect(now).toEqual(now.map((_line, at) => `line ${at + 1}`));
});

test.each(["stop-before:1", "stop-after:1", "remove-before:1", "remove-after:1"])(
  "a node killed at %s while stopping is finished by the next",
  async (moment) => {
    await startNode(moment);
    const desired = counting();
    give(desired);
    await until("running", isRunning);
    const stopped = { ...desired.allocation, DesiredStatus: "stop" as const };
    const doomed = child;
    give({ ...desired, allocation: stopped });
    if (doomed) await gone(doomed);
    await startNode();
    give({ ...desired, allocation: { ...stopped, AllocModifyIndex: 99 } });
    await until("removed", () => containers().length === 0);
    await until("complete", () => reports.at(-1)?.clientStatus === "complete");
  },
);

test("a container killed by hand is started again by its policy", async () => {
  await startNode();
  const desired = counting();
  give(desired);
  await until("running", isRunning);
  const [id = ""] = containers();
  docker("kill", id);
  const again = await until("another container", () => containers("--filter", "status=running")[0]);
  expect(again).not.toBe(id);
  await until("reported", () => reports.at(-1)?.taskStates["main"]?.Restarts === 1 && isRunning());
  expect(reports.at(-1)?.taskStates["main"]?.Events.map((event) => event.Type)).toEqual(
    expect.arrayContaining(["Terminated", "Restarting", "Started"]),
  );
});

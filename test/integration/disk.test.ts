import { spawnSync } from "node:child_process";
import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { until } from "../support/until.ts";

let agent: LiveAgent;
beforeEach(async () => {
  agent = await liveAgent({ dev: false });
});
afterEach(async () => {
  await agent.cleanUp();
});

test("a disk that takes no more ends the agent with the reason; nothing acknowledged is lost", async () => {
  // The kernel refuses every write behind this size, as it does on a full disk, and any user may ask for it.
  await agent.start({}, ["prlimit", `--fsize=${3 * 1024 * 1024}`]);
  const acknowledged: string[] = [];
  await writeUntilEnded(acknowledged);
  expect(await agent.ended()).toBe("SIGKILL");
  expect(agent.output()).toMatch(/==> Storage failed, the agent ends itself: .*disk/);
  expect(acknowledged.length).toBeGreaterThan(5);
  await agent.start();
  expect(await missing(acknowledged)).toEqual([]);
  // It takes jobs again.
  expect(await register("afterwards")).toBe(200);
});

test("a disk that does not answer ends the agent with the reason; nothing acknowledged is lost", async () => {
  await agent.start();
  const acknowledged: string[] = [];
  expect(await register("before")).toBe(200);
  acknowledged.push("before");
  // Opening a pipe that nobody reads never returns, as a call to a dead disk does not.
  const pipe = join(agent.dir, "data", "server", "log-mark.new");
  await until("the pipe to take the place of the file", () => {
    if (!existsSync(pipe)) spawnSync("mkfifo", [pipe]);
    return statSync(pipe, { throwIfNoEntry: false })?.isFIFO();
  });
  await writeUntilEnded(acknowledged);
  expect(await agent.ended()).toBe("SIGKILL");
  expect(agent.output()).toContain(
    "==> Storage failed, the agent ends itself: the disk does not answer",
  );
  rmSync(pipe);
  await agent.start();
  expect(await missing(acknowledged)).toEqual([]);
});

/** Registers one job after the other for as long as the agent lives. */
async function writeUntilEnded(acknowledged: string[]): Promise<void> {
  for (let n = 0; agent.isRunning(); n++) {
    const id = `job-${n}`;
    if ((await register(id)) === 200) acknowledged.push(id);
  }
}

/** A job that finds no node, so that nothing is started; large, so that the disk fills soon. */
async function register(ID: string): Promise<number | undefined> {
  const Task = { Name: "t", Driver: "raw_exec", Config: { command: "true" } };
  const Job = {
    ID,
    Name: ID,
    Type: "batch",
    Meta: { ballast: "x".repeat(50_000) },
    Constraints: [{ LTarget: "${attr.kernel.name}", RTarget: "none", Operand: "=" }],
    TaskGroups: [{ Name: "g", Tasks: [Task] }],
  };
  const answer = await agent.send("PUT", "/v1/jobs", { Job }).catch(() => undefined);
  return answer?.status;
}

async function missing(acknowledged: readonly string[]): Promise<readonly string[]> {
  const jobs = await agent.get<{ readonly ID: string }[]>("/v1/jobs");
  const present = new Set(jobs.map((job) => job.ID));
  return acknowledged.filter((id) => !present.has(id));
}

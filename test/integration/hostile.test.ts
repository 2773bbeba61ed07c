import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseJob } from "../../src/jobspec/parse-job.ts";
import type { JobSource } from "../../src/model/job-source.ts";
import { sleeper } from "../support/job-files.ts";
import { liveAgent, type LiveAgent, runningContainers } from "../support/live-agent.ts";
import { until } from "../support/until.ts";

let agent: LiveAgent;
beforeAll(async () => {
  agent = await liveAgent({ dev: false });
  await agent.start();
});
afterAll(() => agent.cleanUp());

const inConfig = (value: string): string =>
  `job "x" {\n  group "g" {\n    task "t" {\n      driver = "docker"\n      config {\n        args = ${value}\n      }\n    }\n  }\n}\n`;
const nested = (depth: number, inner: string): string =>
  depth === 0 ? inner : `[for n${depth} in range(1000) : ${nested(depth - 1, inner)}]`;

/** Texts that mean too much nesting, work or memory, or nothing at all. */
const hostile: { readonly [name: string]: string } = {
  brackets: inConfig("[".repeat(20_000)),
  parentheses: inConfig(`${"(".repeat(200_000)}1${")".repeat(200_000)}`),
  ranges: inConfig(nested(4, "n1 * n2")),
  texts: inConfig(nested(2, '"${n1}-${n2}-a longer text that is made again and again"')),
  heredoc: inConfig(`<<A\n${"${".repeat(300_000)}`),
  quotes: '"'.repeat(400_000),
  blocks: "a {\n".repeat(200_000),
};

interface Deployment {
  readonly Status: string;
  readonly JobVersion: number;
}
const deployed = (version: number): Promise<Deployment> =>
  until(
    `the deployment of version ${version} to end`,
    async () => {
      const newest = await agent.get<Deployment | null>("/v1/job/roll/deployment");
      return newest?.JobVersion === version && newest.Status !== "running" ? newest : undefined;
    },
    { timeoutMs: 60_000 },
  );

async function register(text: string): Promise<void> {
  const parsed = parseJob(text, { file: "test" });
  if (!parsed.ok) throw new Error(parsed.diagnostics.map((one) => one.summary).join());
  expect(await agent.send("PUT", "/v1/jobs", { Job: parsed.body })).toMatchObject({ status: 200 });
}

function validate(file: string): Promise<{ readonly code: number | null; readonly error: string }> {
  const main = new URL("../../dist/main.js", import.meta.url).pathname;
  const child = spawn(process.execPath, [main, "job", "validate", file], {
    env: { ...process.env, NOMAD_ADDR: agent.address },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let error = "";
  child.stderr.on("data", (part: Buffer) => {
    error += part.toString();
  });
  return new Promise((resolve) => {
    child.once("exit", (code) => {
      resolve({ code, error });
    });
  });
}

test("hostile texts by the API, the folder and the command line leave a rolling update alone", async () => {
  await register(sleeper("roll", { count: 4, maxParallel: 1, healthyTime: "1s" }));
  expect((await deployed(0)).Status).toBe("successful");
  const pid = agent.pid();
  await register(sleeper("roll", { count: 4, maxParallel: 1, healthyTime: "1s", memory: 20 }));

  for (const [name, text] of Object.entries(hostile)) {
    writeFileSync(join(agent.jobsDir, `${name}.nomad`), text);
    const answer = await agent.send("PUT", "/v1/jobs/parse", { JobHCL: text });
    expect(answer.status, `${name}: ${answer.text.slice(0, 300)}`).toBe(400);
    expect(answer.text).toMatch(/^Failed to parse job: /);
  }
  const sources = await until(
    "a verdict on every file",
    async () => {
      const all = await agent.get<JobSource[]>("/v1/jobs/sources");
      return all.length === Object.keys(hostile).length ? all : undefined;
    },
    { timeoutMs: 60_000 },
  );
  expect(sources.map((one) => one.State)).toEqual(sources.map(() => "rejected"));
  for (const name of ["brackets", "ranges", "quotes"]) {
    const { code, error } = await validate(join(agent.jobsDir, `${name}.nomad`));
    expect(code, name).toBe(1);
    expect(error).not.toMatch(/RangeError|heap|at file:/);
  }

  expect((await deployed(1)).Status).toBe("successful");
  expect(await runningContainers(agent)).toHaveLength(4);
  expect(agent.pid()).toBe(pid);
  expect(agent.isRunning()).toBe(true);
  for (const name of Object.keys(hostile)) rmSync(join(agent.jobsDir, `${name}.nomad`));
  expect(readFileSync(`/proc/${pid}/status`, "utf8")).toMatch(/VmRSS/);
});

import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseJob } from "../../src/jobspec/parse-job.ts";
import { sleeper } from "../support/job-files.ts";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { until } from "../support/until.ts";

let agent: LiveAgent;
beforeAll(async () => {
  agent = await liveAgent({ dev: true });
  await agent.start();
});
afterAll(() => agent.cleanUp());

async function register(version: string): Promise<void> {
  const command = `i=0; while true; do i=$((i+1)); echo ${version} $i; sleep 0.1; done`;
  const parsed = parseJob(sleeper("talk", { count: 2, command }), { file: "test" });
  if (!parsed.ok) throw new Error(parsed.diagnostics.map((one) => one.summary).join());
  const answer = await agent.send("PUT", "/v1/jobs", { Job: parsed.body });
  expect(answer).toMatchObject({ status: 200 });
}

test("logs -f of a job tells every line of old and new instances through a rolling update", async () => {
  await register("old");
  await until("two instances", async () => {
    const all = await agent.get<{ ClientStatus: string }[]>("/v1/job/talk/allocations");
    return all.filter((one) => one.ClientStatus === "running").length === 2;
  });
  const main = new URL("../../dist/main.js", import.meta.url).pathname;
  const logs = spawn(process.execPath, [main, "logs", "-f", "-n=1000", "talk"], {
    env: { ...process.env, NOMAD_ADDR: agent.address },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  logs.stdout.on("data", (data: Buffer) => (out += data.toString()));
  const ended = new Promise<number | null>((resolve) => logs.once("exit", resolve));
  const names = (version: string): Set<string> =>
    new Set(
      [...out.matchAll(new RegExp(`^(\\S+) \\| ${version} `, "gm"))].map(([, name = ""]) => name),
    );
  await until("both old instances", () => names("old").size === 2);
  await register("new");
  await until("both new instances", () => names("new").size === 2, { timeoutMs: 30_000 });
  logs.kill("SIGINT");
  expect(await ended).toBe(0);
  for (const name of [...names("old"), ...names("new")]) {
    const counted = out
      .split("\n")
      .filter((line) => line.startsWith(`${name} | `))
      .map((line) => Number(line.split(" ").at(-1)));
    expect(counted.length).toBeGreaterThan(0);
    expect(counted).toEqual(counted.map((_, at) => at + 1));
  }
});

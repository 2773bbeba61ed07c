import { afterAll, beforeAll, expect, test } from "vitest";
import { type MeasuredAgent, measuredAgent } from "../../bench/support/measured-agent.ts";
import { parseJob } from "../../src/jobspec/parse-job.ts";
import { until } from "../support/until.ts";

let agent: MeasuredAgent;
beforeAll(async () => {
  agent = await measuredAgent({ dev: true });
});
afterAll(() => agent.cleanUp());

const counts = 60;
const flood = `timeout 5 yes ${"flood".repeat(400)}; exec sleep 1000`;
const counter = `i=0; while [ $i -lt ${counts} ]; do echo count $i; i=$((i+1)); sleep 0.1; done; exec sleep 1000`;

const task = (name: string, command: string): string => `
    task "${name}" {
      driver = "docker"
      config {
        image   = "busybox:1.36"
        command = "sh"
        args    = ["-c", "${command}"]
      }
      kill_signal = "SIGKILL"
      logs {
        max_files     = 3
        max_file_size = 1
      }
      resources {
        cpu    = 100
        memory = 32
      }
    }`;

test("a task that writes as fast as it can costs no line of another", async () => {
  const tasks = task("flood", flood) + task("counter", counter);
  const text = `job "flood" {\n  group "g" {${tasks}\n  }\n}`;
  const parsed = parseJob(text, { file: "test" });
  if (!parsed.ok) throw new Error(parsed.diagnostics.map((one) => one.summary).join());
  expect(await agent.send("PUT", "/v1/jobs", { Job: parsed.body })).toMatchObject({
    status: 200,
  });
  const id = await until("the allocation to run", async () => {
    const [one] =
      await agent.get<{ ID: string; ClientStatus: string }[]>(`/v1/job/flood/allocations`);
    return one?.ClientStatus === "running" ? one.ID : undefined;
  });
  const readLog = async (name: string, query: string): Promise<string> => {
    const logs = `/v1/client/fs/logs/${id}?task=${name}&type=stdout&plain=true&${query}`;
    return (await fetch(`${agent.address}${logs}`)).text();
  };
  await until("the last count", async () =>
    (await readLog("counter", "origin=end&offset=20")).includes(`count ${counts - 1}\n`),
  );
  const expected = Array.from({ length: counts }, (_, at) => `count ${at}\n`).join("");
  expect(await readLog("counter", "origin=start")).toBe(expected);
  const files = await agent.get<{ Name: string; Size: number }[]>(
    `/v1/client/fs/ls/${id}?path=alloc/logs`,
  );
  const flooded = files.filter(({ Name }) => Name.startsWith("flood.stdout."));
  const last = Math.max(...flooded.map(({ Name }) => Number(Name.split(".").at(-1))));
  expect(flooded.length).toBeLessThanOrEqual(3);
  // It wrote far more than is kept.
  expect(last).toBeGreaterThan(3);
});

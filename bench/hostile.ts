import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostileTexts } from "../test/jobspec/hostile-texts.ts";
import { until } from "../test/support/until.ts";
import { measuredAgent, type MeasuredAgent } from "./support/measured-agent.ts";
import { figure, millis, seconds } from "./support/report.ts";

/** A job file may have 1 MiB; a longer one is refused for its length. */
const longest = 1024 * 1024;

/** What an agent feels of hostile texts of full size, one after the other, by its API and by its folder. */
export async function benchHostile(every: number): Promise<void> {
  const texts = hostileTexts((count) => count)
    .filter((_, at) => at % every === 0)
    .filter(([, text]) => text.length < longest);
  const agent = await measuredAgent({ dev: false });
  try {
    await byApi(agent, texts);
    await byFolder(agent, texts);
  } finally {
    await agent.cleanUp();
  }
}

type Texts = readonly (readonly [name: string, text: string])[];

async function byApi(agent: MeasuredAgent, texts: Texts): Promise<void> {
  let [slowest, slowestName] = [0, ""];
  await agent.loop();
  for (const [name, JobHCL] of texts) {
    const before = performance.now();
    await agent.send("PUT", "/v1/jobs/parse", { JobHCL });
    const tookMs = performance.now() - before;
    if (tookMs > slowest) [slowest, slowestName] = [tookMs, name];
  }
  const { p99, max } = await agent.loop();
  figure({
    what: `longest stretch of the agent's loop, ${texts.length} hostile texts by /v1/jobs/parse`,
    value: millis(max),
    beside: `p99 ${millis(p99)}; slowest answer ${seconds(slowest)}, ${slowestName}`,
    aim: "20 ms",
  });
}

async function byFolder(agent: MeasuredAgent, texts: Texts): Promise<void> {
  await agent.loop();
  for (const [at, [, text]] of texts.entries())
    writeFileSync(join(agent.jobsDir, `hostile-${at}.nomad`), text);
  await until(
    "a verdict on every file",
    async () => (await agent.get<unknown[]>("/v1/jobs/sources")).length === texts.length,
    { timeoutMs: 300_000, pollMs: 1_000 },
  );
  const { p99, max } = await agent.loop();
  figure({
    what: `longest stretch of the agent's loop, the same in its folder at once`,
    value: millis(max),
    beside: `p99 ${millis(p99)}`,
    aim: "20 ms",
  });
}

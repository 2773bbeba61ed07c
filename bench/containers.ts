import { until } from "../test/support/until.ts";
import { runningContainers } from "../test/support/live-agent.ts";
import { inParallel, startBare, stopBare } from "./support/bare-docker.ts";
import { register, sleepJob } from "./support/bench-job.ts";
import { measuredAgent, type MeasuredAgent } from "./support/measured-agent.ts";
import { type Figure, figure, median, millis, ratio, seconds } from "./support/report.ts";

const count = 50;
/** As many as the agent starts at once. */
const parallel = 16;

/** 50 containers by the agent and by bare calls of the engine, in turns; then what the agent needs to keep them. */
export async function benchContainers(rounds: number): Promise<void> {
  const agent = await measuredAgent({ dev: false });
  try {
    await agent.loop();
    await sleep(10_000);
    figure({ what: "private memory, idle", ...memory(agent), aim: "90 MB" });
    const idle = await agent.loop();
    figure({
      what: "event loop p99, idle",
      value: millis(idle.p99),
      beside: `max ${millis(idle.max)}`,
      aim: "20 ms",
    });
    const bare: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < rounds; round++) {
      bare.push(await bareRound());
      const isLast = round === rounds - 1;
      ours.push(await agentRound(agent, `bench-${round}`, isLast));
    }
    figure({
      what: `${count} containers running`,
      value: seconds(median(ours)),
      beside: `bare Docker ${seconds(median(bare))}: ${ratio(median(ours), median(bare))}`,
      aim: "1.1 x",
    });
    await keeping(agent);
  } finally {
    await agent.cleanUp();
  }
}

async function bareRound(): Promise<number> {
  const before = performance.now();
  const started = await inParallel(count, parallel, startBare);
  const took = performance.now() - before;
  await inParallel(count, parallel, (n) => stopBare(started[n] as (typeof started)[number]));
  return took;
}

async function agentRound(agent: MeasuredAgent, id: string, keep: boolean): Promise<number> {
  await agent.loop();
  const before = performance.now();
  await register(agent, sleepJob(id, count));
  let index = 0;
  // Blocking queries, as a client that waits would: no polling that itself costs time.
  for (let running = 0; running < count;) {
    const answer = await fetch(`${agent.address}/v1/job/${id}/summary?index=${index}&wait=5s`);
    index = Number(answer.headers.get("x-nomad-index"));
    const { Summary } = (await answer.json()) as { Summary: { group: { Running: number } } };
    running = Summary.group.Running;
  }
  const took = performance.now() - before;
  const stretches = await agent.loop();
  if ((await runningContainers(agent)).length !== count)
    throw new Error("the summary told more than what runs");
  if (!keep) {
    figure({
      what: "event loop p99, starting 50",
      value: millis(stretches.p99),
      beside: `max ${millis(stretches.max)}`,
      aim: "20 ms",
    });
    await agent.send("DELETE", `/v1/job/${id}?purge=true`);
    await until(
      "the containers to be gone",
      async () => (await runningContainers(agent)).length === 0,
      { timeoutMs: 60_000 },
    );
    await sleep(1000);
  }
  return took;
}

async function keeping(agent: MeasuredAgent): Promise<void> {
  await sleep(10_000);
  const stretches = await agent.loop();
  await sleep(10_000);
  const kept = await agent.loop();
  figure({
    what: "private memory with 50 containers",
    ...memory(agent),
    aim: "130 MB",
  });
  figure({
    what: "processes with 50 containers",
    value: String(agent.processCount()),
    beside: "reference 102",
    aim: "1",
  });
  figure({
    what: "event loop p99, keeping 50",
    value: millis(kept.p99),
    beside: `max ${millis(Math.max(kept.max, stretches.max))}`,
    aim: "20 ms",
  });
}

function memory(agent: MeasuredAgent): Pick<Figure, "value" | "beside"> {
  const { ownMb, aloneMb } = agent.memory();
  return { value: mb(ownMb), beside: `${mb(aloneMb)} with the node program's own pages` };
}
const mb = (value: number): string => `${value.toFixed(0)} MB`;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

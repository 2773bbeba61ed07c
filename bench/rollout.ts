import { inParallel, startBare, stopBare, type Bare } from "./support/bare-docker.ts";
import { register, sleepJob } from "./support/bench-job.ts";
import { measuredAgent, type MeasuredAgent } from "./support/measured-agent.ts";
import { figure, millis, ratio, seconds } from "./support/report.ts";

const count = 10;
const atOnce = 2;
const healthyMs = 2000;
const update = {
  MaxParallel: atOnce,
  MinHealthyTime: healthyMs * 1e6,
  HealthyDeadline: 60e9,
  ProgressDeadline: 120e9,
  HealthCheck: "task_states",
};

/** A rolling update of 10 by 2, beside the same steps by a script that knows just when to go on. */
export async function benchRollout(): Promise<void> {
  const bare = await bareRollout();
  const agent = await measuredAgent({ dev: false });
  try {
    await register(agent, sleepJob("roll", count, { update }));
    await deployed(agent, 0);
    await agent.loop();
    const before = performance.now();
    await register(agent, sleepJob("roll", count, { update, word: "two" }));
    await deployed(agent, 1);
    const took = performance.now() - before;
    const stretches = await agent.loop();
    const waits = (count / atOnce) * healthyMs;
    figure({
      what: `rolling update of ${count} by ${atOnce}`,
      value: seconds(took),
      beside: `by hand ${seconds(bare)}: ${ratio(took, bare)}; the waits alone ${seconds(waits)}: ${ratio(took, waits)}`,
      aim: "1.2 x",
    });
    figure({
      what: "event loop p99, rolling update",
      value: millis(stretches.p99),
      beside: `max ${millis(stretches.max)}`,
      aim: "20 ms",
    });
  } finally {
    await agent.cleanUp();
  }
}

async function bareRollout(): Promise<number> {
  const old = [...(await inParallel(count, 16, startBare))];
  const fresh: Bare[] = [];
  const before = performance.now();
  while (old.length > 0) {
    const leaving = old.splice(0, atOnce);
    const [started] = await Promise.all([
      inParallel(leaving.length, atOnce, startBare),
      inParallel(leaving.length, atOnce, (n) => stopBare(leaving[n] as Bare)),
    ]);
    fresh.push(...started);
    await new Promise((resolve) => setTimeout(resolve, healthyMs));
  }
  const took = performance.now() - before;
  await inParallel(count, 16, (n) => stopBare(fresh[n] as Bare));
  return took;
}

async function deployed(agent: MeasuredAgent, version: number): Promise<void> {
  for (let index = 0; ;) {
    const answer = await fetch(`${agent.address}/v1/job/roll/deployment?index=${index}&wait=5s`);
    index = Number(answer.headers.get("x-nomad-index"));
    const found = (await answer.json()) as { Status: string; JobVersion: number } | null;
    if (found?.JobVersion !== version) continue;
    if (found.Status === "successful") return;
    if (found.Status !== "running") throw new Error(`the deployment is ${found.Status}`);
  }
}

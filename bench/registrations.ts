import { Agent as HttpAgent, request } from "node:http";
import { sleepJob } from "./support/bench-job.ts";
import { measuredAgent, type MeasuredAgent } from "./support/measured-agent.ts";
import { figure, millis, quantile } from "./support/report.ts";

const reference: { readonly [parallel: number]: number } = { 1: 477, 16: 1923, 64: 2332 };

/** Durable registrations a second over HTTP: callers that each wait for the answer before the next one. */
export async function benchRegistrations(runMs: number): Promise<void> {
  for (const parallel of [1, 16, 64]) {
    const agent = await measuredAgent({ dev: false });
    try {
      await agent.loop();
      const { perSecond, latencies } = await register(agent, parallel, runMs);
      const stretches = await agent.loop();
      figure({
        what: `durable registrations/s over HTTP, ${parallel} at once`,
        value: perSecond.toFixed(0),
        beside: `p50 ${millis(quantile(latencies, 0.5))}, p99 ${millis(quantile(latencies, 0.99))}; reference ${reference[parallel]}`,
      });
      figure({
        what: `event loop p99, registering ${parallel} at once`,
        value: millis(stretches.p99),
        beside: `max ${millis(stretches.max)}`,
        aim: "20 ms",
      });
    } finally {
      await agent.cleanUp();
    }
  }
}

async function register(
  agent: MeasuredAgent,
  parallel: number,
  runMs: number,
): Promise<{ readonly perSecond: number; readonly latencies: readonly number[] }> {
  const http = new HttpAgent({ keepAlive: true, maxSockets: parallel });
  const latencies: number[] = [];
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: parallel }, async (_, caller) => {
      for (let n = 0; performance.now() - begin < runMs; n++) {
        const before = performance.now();
        await put(agent, http, JSON.stringify(sleepJob(`job-${caller}-${n}`, 0)));
        latencies.push(performance.now() - before);
      }
    }),
  );
  const perSecond = latencies.length / ((performance.now() - begin) / 1e3);
  http.destroy();
  return { perSecond, latencies };
}

function put(agent: MeasuredAgent, http: HttpAgent, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(`${agent.address}/v1/jobs`, { method: "PUT", agent: http }, (answer) => {
      answer.resume();
      answer.once("end", () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`registration: ${answer.statusCode}`));
      });
    });
    call.once("error", reject);
    call.end(body);
  });
}

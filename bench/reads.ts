import { Agent as HttpAgent, request } from "node:http";
import { sleepJob } from "./support/bench-job.ts";
import { inParallel } from "./support/bare-docker.ts";
import { measuredAgent } from "./support/measured-agent.ts";
import { figure, millis, quantile } from "./support/report.ts";

const jobs = 5000;
const parallel = 8;

/** Reads of a server that holds 5,000 jobs. */
export async function benchReads(runMs: number): Promise<void> {
  const agent = await measuredAgent({ dev: false });
  const http = new HttpAgent({ keepAlive: true, maxSockets: parallel });
  const send = (method: string, path: string, body?: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const call = request(`${agent.address}${path}`, { method, agent: http }, (answer) => {
        answer.resume();
        answer.once("end", () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`${path}: ${answer.statusCode}`));
        });
      });
      call.once("error", reject);
      call.end(body);
    });
  try {
    await inParallel(jobs, parallel, (n) =>
      send("PUT", "/v1/jobs", JSON.stringify(sleepJob(`job-${n}`, 0))),
    );
    const own = agent.memory().ownMb;
    figure({
      what: `private memory with ${jobs} jobs`,
      value: `${own.toFixed(0)} MB`,
      beside: "reference 349 MB",
    });
    const reads = [
      ["/v1/jobs", "59"],
      ["/v1/jobs?per_page=50", "4433"],
      ["/v1/job/job-77", "19000"],
    ] as const;
    for (const [path, reference] of reads) {
      await agent.loop();
      const times: number[] = [];
      const begin = performance.now();
      await Promise.all(
        Array.from({ length: parallel }, async () => {
          while (performance.now() - begin < runMs) {
            const before = performance.now();
            await send("GET", path);
            times.push(performance.now() - before);
          }
        }),
      );
      const perSecond = times.length / ((performance.now() - begin) / 1e3);
      const { p99, max } = await agent.loop();
      figure({
        what: `GET ${path}, ${parallel} at once`,
        value: `${perSecond.toFixed(0)}/s`,
        beside: `p99 ${millis(quantile(times, 0.99))}; event loop p99 ${millis(p99)}, max ${millis(max)}; reference ${reference}/s`,
      });
    }
  } finally {
    http.destroy();
    await agent.cleanUp();
  }
}

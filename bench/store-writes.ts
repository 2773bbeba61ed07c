import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { silentLogger } from "../src/lib/logger.ts";
import { createSystemClock } from "../src/lib/system/clock.ts";
import { systemRandom } from "../src/lib/system/random.ts";
import { newEvaluation } from "../src/model/build.ts";
import { evaluationId, jobId } from "../src/model/ids.ts";
import type { Job } from "../src/model/job.ts";
import { openStore } from "../src/store/open-store.ts";
import type { OpenedStore } from "../src/store/open-store.ts";

/** Durable registrations a second: new jobs, one evaluation each, `parallel` callers that wait for each answer. */
const runMs = Number(process.argv[2] ?? 4000);
const template = JSON.parse(
  readFileSync(new URL("../test/golden/data/api/job-read-teahouse.json", import.meta.url), "utf8"),
) as { readonly body: Job };

for (const parallel of [1, 16, 64]) await measure(parallel);

async function measure(parallel: number): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "bench-"));
  const store = await openStore({
    dataDir,
    serverId: "bench",
    clock: createSystemClock(),
    random: systemRandom,
    log: silentLogger,
    onFatal: (error) => {
      throw error;
    },
  });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const end = start + runMs;
  const latencies: number[] = [];
  await Promise.all(
    Array.from({ length: parallel }, async (_, caller) => {
      for (let n = 0; performance.now() < end; n++) {
        const before = performance.now();
        await register(store, `job-${caller}-${n}`);
        latencies.push(performance.now() - before);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1e3;
  delay.disable();
  latencies.sort((a, b) => a - b);
  const at = (share: number): string =>
    (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(2);
  console.log(
    `P=${parallel}: ${Math.round(latencies.length / seconds)} registrations/s, latency p50 ${at(0.5)} ms p99 ${at(0.99)} ms, ` +
      `event loop p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms max ${(delay.max / 1e6).toFixed(1)} ms`,
  );
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
}

async function register(store: OpenedStore, id: string): Promise<void> {
  const job = { ...template.body, ID: jobId(id), Name: id };
  const evaluation = newEvaluation({
    id: evaluationId(systemRandom.uuid()),
    job,
    trigger: "job-register",
    nowNs: Date.now() * 1e6,
  });
  await store.write("job.register", {
    job,
    submission: { Source: "job {}", Format: "hcl2", VariableFlags: null, Variables: "" },
    enforceIndex: null,
    evaluation,
    preserveCounts: false,
  });
}

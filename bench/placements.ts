import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { silentLogger } from "../src/lib/logger.ts";
import { createSystemClock } from "../src/lib/system/clock.ts";
import { systemRandom } from "../src/lib/system/random.ts";
import { linearSearch } from "../src/lib/system/regexp.ts";
import { newEvaluation } from "../src/model/build.ts";
import { evaluationId, jobId } from "../src/model/ids.ts";
import { EvaluationLoop } from "../src/reconciler/evaluation-loop.ts";
import { type OpenedStore, openStore } from "../src/store/open-store.ts";
import { buildGroup, buildJob } from "../test/support/build-job.ts";
import { buildNode } from "../test/support/build-node.ts";
import { until } from "../test/support/until.ts";
import { figure, millis } from "./support/report.ts";

const nodes = 100;
const count = 1000;

/** One evaluation that places a thousand allocations on a hundred nodes, from its write to its end. */
export async function benchPlacements(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "bench-"));
  const clock = createSystemClock();
  const shared = { clock, random: systemRandom, log: silentLogger };
  const store = await openStore({
    ...shared,
    dataDir,
    serverId: "bench",
    onFatal: (error) => {
      throw error;
    },
  });
  try {
    for (let n = 0; n < nodes; n++)
      await store.write("node.register", { node: buildNode(`node-${n}`), evaluations: [] });
    const loop = new EvaluationLoop({ ...shared, store, search: linearSearch });
    await until("a quiet loop", () => loop.isIdle());
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const before = performance.now();
    await placeJob(store);
    const took = performance.now() - before;
    delay.disable();
    figure({
      what: `one evaluation of ${count} allocations on ${nodes} nodes`,
      value: millis(took),
      beside: `event loop p99 ${millis(delay.percentile(99) / 1e6)}, max ${millis(delay.max / 1e6)}`,
      aim: "no stretch over 20 ms",
    });
    await loop.stop();
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function placeJob(store: OpenedStore): Promise<void> {
  const job = buildJob({ ID: jobId("many"), TaskGroups: [buildGroup({ Count: count })] });
  const evaluation = newEvaluation({
    id: evaluationId(systemRandom.uuid()),
    job,
    trigger: "job-register",
    nowNs: Date.now() * 1e6,
  });
  await store.write("job.register", {
    job,
    submission: null,
    enforceIndex: null,
    evaluation,
    preserveCounts: false,
  });
  await until(
    "the evaluation's end",
    () => store.read.evaluation(evaluation.ID)?.Status === "complete",
    {
      pollMs: 1,
    },
  );
  const placed = store.read.allocationsByJob({ namespace: job.Namespace, id: job.ID }).length;
  if (placed !== count) throw new Error(`only ${placed} of ${count} were placed`);
}

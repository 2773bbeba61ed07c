import type { Clock } from "../lib/clock.ts";
import type { JobKey } from "../model/ids.ts";
import type { StateReader } from "../store/reader.ts";
import type { Store } from "../store/store.ts";
import { decideGarbage, type GarbageAges, type JobRemains } from "./core/cluster/garbage.ts";

export interface GarbageDeps {
  readonly clock: Clock;
  readonly store: Store;
}

const hourNs = 3600e9;
const publishedAges: GarbageAges = {
  jobNs: 4 * hourNs,
  evaluationNs: hourNs,
  batchEvaluationNs: 24 * hourNs,
  deploymentNs: hourNs,
  nodeNs: 24 * hourNs,
};
const noAges: GarbageAges = {
  jobNs: 0,
  evaluationNs: 0,
  batchEvaluationNs: 0,
  deploymentNs: 0,
  nodeNs: 0,
};

/** Collects what nobody needs any more; `force` takes no notice of ages. Resolves when it is applied. */
export async function collectGarbage({ clock, store }: GarbageDeps, force: boolean): Promise<void> {
  const { read } = store;
  const garbage = decideGarbage({
    jobs: read
      .jobs({ namespace: "*" })
      .map((job) => remainsOf(read, { namespace: job.Namespace, id: job.ID })),
    orphanedEvaluations: read
      .evaluations({ namespace: "*" })
      .filter((one) => read.job({ namespace: one.Namespace, id: one.JobID }) === undefined),
    allocationsOf: (id) => read.allocationsByEvaluation(id),
    nodes: read.nodes({}),
    hasAllocations: (id) => read.allocationsByNode(id).length > 0,
    ages: force ? noAges : publishedAges,
    nowNs: clock.nowNs(),
  });
  const isEmpty = Object.values(garbage).every((ids) => ids.length === 0);
  if (!isEmpty) await store.write("garbage.collect", garbage);
}

function remainsOf(read: StateReader, key: JobKey): JobRemains {
  const job = read.job(key);
  if (job === undefined) throw new Error(`job ${key.id} vanished within one read`);
  return {
    job,
    evaluations: read.evaluationsByJob(key),
    allocations: read.allocationsByJob(key, { anyCreateIndex: true }),
    deployments: read.deploymentsByJob(key),
  };
}

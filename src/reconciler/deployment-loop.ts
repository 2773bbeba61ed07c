import { parseInstant } from "../lib/instant.ts";
import type { Clock } from "../lib/clock.ts";
import { assertNever } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import { ReconcileLoop } from "../lib/work-queue.ts";
import type { Turn } from "../lib/work-queue.ts";
import { newEvaluation } from "../model/build.ts";
import { isDeploymentActive } from "../model/deployment.ts";
import type { Deployment } from "../model/deployment.ts";
import type { Evaluation } from "../model/evaluation.ts";
import type { Allocation } from "../model/allocation.ts";
import { allocationId, deploymentId, evaluationId } from "../model/ids.ts";
import type { AllocationId } from "../model/ids.ts";
import type { Job } from "../model/job.ts";
import { isSameJobSpec } from "../model/job-spec.ts";
import type { ChangeBatch } from "../store/changes.ts";
import type { StateReader } from "../store/reader.ts";
import type { Store } from "../store/store.ts";
import { decideDeployment } from "./core/cluster/deployment.ts";
import type { DeploymentAction, RevertTarget } from "./core/cluster/deployment.ts";
import { keptPredecessor } from "./core/cluster/revive.ts";

export interface DeploymentLoopDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly store: Store;
  /** Allocations that become healthy within this of each other share one evaluation. */
  readonly batchMs?: number;
}

/** Leader only: drives every active deployment on until it has succeeded, failed or been replaced. */
export class DeploymentLoop {
  readonly #deps: DeploymentLoopDeps;
  readonly #loop: ReconcileLoop;
  readonly #unsubscribe: () => void;
  readonly #changedAllocations = new Set<string>();
  readonly #changedEvaluations = new Set<string>();
  /** When the evaluation that a deployment needs is due. */
  readonly #dueMs = new Map<string, number>();

  constructor(deps: DeploymentLoopDeps) {
    this.#deps = deps;
    this.#loop = new ReconcileLoop(deps.clock, deps.random, deps.log, {
      name: "deployments",
      concurrency: 4,
      reconcile: (key) => this.#reconcile(key),
    });
    this.#unsubscribe = deps.store.changes.subscribe((batch) => this.#note(batch));
    for (const deployment of deps.store.read.activeDeployments()) this.#loop.add(deployment.ID);
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    await this.#loop.stop();
  }

  isIdle(): boolean {
    return this.#loop.isIdle();
  }

  #note(batch: ChangeBatch): void {
    for (const change of batch.changes) {
      if (change.table === "deployments") this.#loop.add(change.key);
      if (change.table === "allocations") this.#changedAllocations.add(change.key);
      if (change.table === "evaluations") this.#changedEvaluations.add(change.key);
    }
    if (this.#changedAllocations.size + this.#changedEvaluations.size > 0) this.#loop.add(sweep);
  }

  async #reconcile(key: string): Promise<Turn> {
    if (key === sweep) return this.#sweep();
    const { clock, store } = this.#deps;
    const deployment = store.read.deployment(deploymentId(key));
    if (!deployment) return this.#settle(key);
    const nowNs = clock.nowNs();
    const allocations = store.read.allocationsByDeployment(deployment.ID);
    const decision = decideDeployment({
      deployment,
      job: jobOf(store.read, deployment),
      allocations,
      keepsOld: keepsOld(store.read, allocations),
      ...evaluationsOf(store.read, deployment, nowNs),
      revertTarget: revertTarget(store.read, deployment),
      nowNs,
    });
    const wait = await this.#act(deployment, decision.action);
    if (wait) return wait;
    if (decision.wakeAtNs === undefined) return this.#settle(key);
    const afterMs = Math.max(1, Math.ceil((decision.wakeAtNs - nowNs) / 1e6));
    return { kind: "again", afterMs, reason: "progress deadline" };
  }

  #settle(key: string): Turn {
    this.#dueMs.delete(key);
    return { kind: "done" };
  }

  /** The feed names allocations and evaluations; whose deployments they bear on is looked up here. */
  async #sweep(): Promise<Turn> {
    const { read } = this.#deps.store;
    const allocations = [...this.#changedAllocations];
    const evaluations = [...this.#changedEvaluations];
    this.#changedAllocations.clear();
    this.#changedEvaluations.clear();
    for (const id of allocations) {
      const allocation = read.allocation(allocationId(id));
      if (allocation?.DeploymentID) this.#loop.add(allocation.DeploymentID);
    }
    // Success waits until an evaluation has seen the last health change, so a finished evaluation matters.
    for (const id of evaluations) {
      const evaluation = read.evaluation(evaluationId(id));
      const key = evaluation && { namespace: evaluation.Namespace, id: evaluation.JobID };
      const deployment = key && read.latestDeployment(key);
      if (deployment && isDeploymentActive(deployment)) this.#loop.add(deployment.ID);
    }
    return { kind: "done" };
  }

  /** Answers a turn when it has to come back for the action itself. */
  async #act(deployment: Deployment, action: DeploymentAction): Promise<Turn | undefined> {
    const { store } = this.#deps;
    switch (action.kind) {
      case "nothing":
        this.#dueMs.delete(deployment.ID);
        return undefined;
      case "evaluate":
        return this.#evaluate(deployment, action);
      case "promote":
        await store.write("deployment.promote", {
          deploymentId: deployment.ID,
          groups: null,
          evaluations: [this.#evaluation(deployment)],
        });
        return undefined;
      case "succeed":
        await store.write("deployment.status", {
          update: {
            deploymentId: deployment.ID,
            status: "successful",
            statusDescription: "Deployment completed successfully",
          },
          job: null,
          markStable: true,
          evaluations: [],
        });
        return undefined;
      case "fail":
        await this.#fail(deployment, action.description, action.revertTo);
        return undefined;
      default:
        return assertNever(action);
    }
  }

  async #evaluate(
    deployment: Deployment,
    action: Extract<DeploymentAction, { kind: "evaluate" }>,
  ): Promise<Turn | undefined> {
    const { clock, store, batchMs = 1_000 } = this.#deps;
    const dueMs = this.#dueMs.get(deployment.ID) ?? clock.monotonicMs() + batchMs;
    // With nobody left to wait for, the next batch of the rollout starts at once.
    const waitMs = action.mayWait ? dueMs - clock.monotonicMs() : 0;
    if (waitMs > 0) {
      this.#dueMs.set(deployment.ID, dueMs);
      return { kind: "again", afterMs: Math.ceil(waitMs), reason: "collects health changes" };
    }
    this.#dueMs.delete(deployment.ID);
    await store.write("allocation.transition", {
      transitions: action.reschedule.map((id) => ({
        allocationId: allocationId(id),
        transition: { Reschedule: true },
      })),
      evaluations: [this.#evaluation(deployment)],
    });
    return undefined;
  }

  async #fail(
    deployment: Deployment,
    statusDescription: string,
    revertTo: number | undefined,
  ): Promise<void> {
    const { clock, store } = this.#deps;
    const key = { namespace: deployment.Namespace, id: deployment.JobID };
    const target =
      revertTo === undefined
        ? undefined
        : store.read.jobVersion(key, revertTo, deployment.JobCreateIndex);
    const job: Job | null = target
      ? { ...target, Stop: false, Stable: false, SubmitTime: clock.nowNs() }
      : null;
    await store.write("deployment.status", {
      update: { deploymentId: deployment.ID, status: "failed", statusDescription },
      job,
      markStable: false,
      evaluations: [this.#evaluation(deployment)],
    });
  }

  #evaluation(deployment: Deployment): Evaluation {
    const { clock, random, store } = this.#deps;
    const job = jobOf(store.read, deployment);
    return newEvaluation({
      id: evaluationId(random.uuid()),
      job: {
        Namespace: deployment.Namespace,
        ID: deployment.JobID,
        Priority: deployment.EvalPriority,
        Type: job?.Type ?? "service",
        JobModifyIndex: 0,
      },
      trigger: "deployment-watcher",
      nowNs: clock.nowNs(),
      overrides: { DeploymentID: deployment.ID },
    });
  }
}

const sweep = "*changes";

const jobOf = (read: StateReader, deployment: Deployment): Job | undefined =>
  read.jobVersion(
    { namespace: deployment.Namespace, id: deployment.JobID },
    deployment.JobVersion,
    deployment.JobCreateIndex,
  );

function keepsOld(
  read: StateReader,
  allocations: readonly Allocation[],
): ReadonlySet<AllocationId> {
  const keeping = allocations.filter((one) => keptPredecessor(one, (id) => read.allocation(id)));
  return new Set(keeping.map((one) => one.ID));
}

function evaluationsOf(
  read: StateReader,
  deployment: Deployment,
  nowNs: number,
): { readonly evaluatedIndex: number; readonly isEvaluationPending: boolean } {
  const evaluations = read.evaluationsByJob({
    namespace: deployment.Namespace,
    id: deployment.JobID,
  });
  const seen = evaluations
    .filter((evaluation) => evaluation.Status === "complete")
    .map((evaluation) => evaluation.SnapshotIndex);
  return {
    evaluatedIndex: Math.max(0, ...seen),
    isEvaluationPending: evaluations.some(
      ({ Status, WaitUntil }) =>
        Status === "pending" && (WaitUntil === null || (parseInstant(WaitUntil) ?? 0) <= nowNs),
    ),
  };
}

/** The newest stable version before the one that failed. */
function revertTarget(read: StateReader, deployment: Deployment): RevertTarget | undefined {
  const key = { namespace: deployment.Namespace, id: deployment.JobID };
  const failed = jobOf(read, deployment);
  const stable = read
    .jobVersions(key)
    .filter((job) => job.CreateIndex === deployment.JobCreateIndex)
    .filter((job) => job.Stable && job.Version < deployment.JobVersion)
    .toSorted((a, b) => b.Version - a.Version)[0];
  if (!stable) return undefined;
  return {
    version: stable.Version,
    hasSameSpec: failed !== undefined && isSameJobSpec({ ...stable, Stop: false }, failed),
  };
}

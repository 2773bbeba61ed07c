import { formatInstant } from "../lib/instant.ts";
import { breatherOf } from "../lib/breather.ts";
import type { Breather } from "../lib/breather.ts";
import type { Clock } from "../lib/clock.ts";
import { errorText } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { runSteps } from "../lib/run-steps.ts";
import type { Random } from "../lib/random.ts";
import { ReconcileLoop } from "../lib/work-queue.ts";
import type { Turn } from "../lib/work-queue.ts";
import { newEvaluation } from "../model/build.ts";
import type { Evaluation } from "../model/evaluation.ts";
import { evaluationId } from "../model/ids.ts";
import type { Plan } from "../model/plan.ts";
import type { ChangeBatch } from "../store/changes.ts";
import type { Store } from "../store/store.ts";
import { BlockedEvaluations } from "./blocked-evaluations.ts";
import { ClusterMemory } from "./cluster-memory.ts";
import { EvaluationBroker } from "./core/cluster/broker.ts";
import type { RegexpSearch } from "./core/scheduler/constraints.ts";
import type { EvaluationOutput } from "./core/scheduler/evaluate.ts";
import { partsOfPlan } from "./core/scheduler/plan-parts.ts";
import { planFaults } from "./core/scheduler/verify.ts";
import { scheduleJob } from "./schedule-job.ts";

export interface EvaluationLoopDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly store: Store;
  readonly search: RegexpSearch;
}

/** After this many failures an evaluation is given up for a while, so that it cannot hold up its job for ever. */
const deliveryLimit = 3;
const followUpDelayNs = 60e9;
const slot = "evaluations";

/**
 * Leader only: turns pending evaluations into plans, one after the other, each planned and proposed against the newest
 * state. One plan is on its way at a time; after a write whose fate is unknown a barrier settles it first.
 */
export class EvaluationLoop {
  readonly #deps: EvaluationLoopDeps;
  readonly #log: Logger;
  readonly #broker = new EvaluationBroker();
  readonly #blocked = new BlockedEvaluations();
  readonly #memory: ClusterMemory;
  readonly #changed = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #loop: ReconcileLoop;
  readonly #breather: Breather;
  readonly #unsubscribe: () => void;
  #index = 0;
  #mustSettle = true;

  constructor(deps: EvaluationLoopDeps) {
    this.#deps = deps;
    this.#breather = breatherOf(deps.clock);
    this.#log = deps.log.child("evaluations");
    this.#memory = new ClusterMemory(deps.store.read);
    this.#loop = new ReconcileLoop(deps.clock, deps.random, deps.log, {
      name: "evaluations",
      concurrency: 1,
      reconcile: (_key, signal) => this.#turn(signal),
      backoff: { firstMs: 50, maxMs: 5_000 },
    });
    this.#unsubscribe = deps.store.changes.subscribe((batch) => this.#note(batch));
    // Nobody knows what the leader before this one has tried, so those that wait for room look once more.
    for (const status of ["pending", "blocked"] as const)
      for (const evaluation of deps.store.read.evaluationsByStatus(status))
        this.#changed.add(evaluation.ID);
    for (const evaluation of deps.store.read.evaluationsByStatus("blocked"))
      this.#broker.offer(evaluation, deps.clock.nowNs());
    this.#loop.add(slot);
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    await this.#loop.stop();
  }

  isIdle(): boolean {
    return this.#loop.isIdle();
  }

  #note(batch: ChangeBatch): void {
    this.#index = batch.index;
    this.#memory.note(batch);
    for (const change of batch.changes)
      if (change.table === "evaluations") this.#changed.add(change.key);
    this.#loop.add(slot);
  }

  async #turn(signal: AbortSignal): Promise<Turn> {
    const { clock, store } = this.#deps;
    if (this.#mustSettle) {
      await store.write("evaluation.upsert", { evaluations: [] });
      this.#mustSettle = false;
    }
    for (;;) {
      if (signal.aborted) return { kind: "done" };
      this.#refresh();
      const evaluation = this.#broker.take(clock.nowNs());
      if (!evaluation) break;
      try {
        await this.#process(evaluation);
        this.#failures.delete(evaluation.ID);
      } finally {
        this.#broker.release(evaluation);
        // Whatever the feed said of it meanwhile was not taken in while it was being worked on.
        this.#changed.add(evaluation.ID);
      }
    }
    const dueNs = this.#broker.nextDueNs();
    if (dueNs === undefined) return { kind: "done" };
    const afterMs = Math.max(0, Math.ceil((dueNs - clock.nowNs()) / 1e6));
    return { kind: "again", afterMs, reason: "a delayed evaluation comes due" };
  }

  /** Takes in what the feed has named since the last look. */
  #refresh(): void {
    const { clock, store } = this.#deps;
    const now = clock.nowNs();
    for (const nodeClass of this.#memory.refresh())
      for (const evaluation of this.#blocked.roomOn(nodeClass, this.#index))
        this.#broker.offer(evaluation, now);
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const id of changed) {
      const evaluation = store.read.evaluation(evaluationId(id));
      this.#blocked.remove(evaluationId(id));
      if (evaluation?.Status === "pending") this.#broker.offer(evaluation, now);
      else if (evaluation?.Status === "blocked") {
        if (this.#blocked.add(evaluation)) this.#broker.offer(evaluation, now);
      } else this.#broker.forget(evaluationId(id));
    }
  }

  async #process(taken: Evaluation): Promise<void> {
    const { clock, store } = this.#deps;
    const evaluation = store.read.evaluation(taken.ID);
    if (evaluation?.Status !== "pending" && evaluation?.Status !== "blocked") return;
    try {
      const steps = scheduleJob(
        { read: store.read, random: this.#deps.random, search: this.#deps.search },
        this.#memory,
        evaluation,
        clock.nowNs(),
      );
      // The state may move on meanwhile; the plan is verified against the newest one before it is proposed.
      await this.#propose(evaluation, await runSteps(steps, this.#breather));
    } catch (thrown) {
      this.#mustSettle = true;
      await this.#countFailure(evaluation, thrown);
      throw thrown;
    }
  }

  async #propose(evaluation: Evaluation, output: EvaluationOutput): Promise<void> {
    const { clock, store } = this.#deps;
    const faults = planFaults(output.plan, {
      node: (id) => store.read.node(id),
      usage: (id) => this.#memory.usage.usage(id),
      allocation: (id) => store.read.allocation(id),
    });
    if (faults.length > 0) throw new Error(`plan does not hold: ${faults.join("; ")}`);
    const evaluations = [...output.evaluations, ...this.#surplus(evaluation)];
    if (isEmptyPlan(output)) await store.write("evaluation.upsert", { evaluations });
    else await this.#apply(evaluation, output.plan, evaluations);
    this.#log.debug(
      {
        evaluationId: evaluation.ID,
        jobId: evaluation.JobID,
        placed: output.plan.place.length,
        stopped: output.plan.stop.length,
        failedGroups: Object.keys(output.failed),
        nowNs: clock.nowNs(),
      },
      "evaluation processed",
    );
  }

  async #apply(
    evaluation: Evaluation,
    plan: Plan,
    evaluations: readonly Evaluation[],
  ): Promise<void> {
    const { store } = this.#deps;
    const job = store.read.job({ namespace: evaluation.Namespace, id: evaluation.JobID });
    const parts = job?.AllAtOnce === true ? [plan] : partsOfPlan(plan);
    for (const [at, part] of parts.entries())
      await store.write("plan.apply", {
        plan: part,
        evaluations: at === parts.length - 1 ? evaluations : [],
      });
  }

  /** Of several that wait for one job only the newest can see anything new. */
  #surplus(evaluation: Evaluation): Evaluation[] {
    const nowNs = this.#deps.clock.nowNs();
    const others = this.#broker.others(evaluation, nowNs).slice(0, -1);
    return others.map((other) => ({
      ...other,
      Status: "canceled" as const,
      StatusDescription: "canceled after more recent eval was processed",
      ModifyTime: nowNs,
    }));
  }

  async #countFailure(evaluation: Evaluation, thrown: unknown): Promise<void> {
    const failures = (this.#failures.get(evaluation.ID) ?? 0) + 1;
    this.#failures.set(evaluation.ID, failures);
    if (failures < deliveryLimit) {
      this.#changed.add(evaluation.ID);
      return;
    }
    this.#failures.delete(evaluation.ID);
    const { clock, random, store } = this.#deps;
    const nowNs = clock.nowNs();
    const followUp = newEvaluation({
      id: evaluationId(random.uuid()),
      job: {
        Namespace: evaluation.Namespace,
        ID: evaluation.JobID,
        Priority: evaluation.Priority,
        Type: evaluation.Type,
        JobModifyIndex: evaluation.JobModifyIndex,
      },
      trigger: "failed-follow-up",
      nowNs,
      overrides: {
        PreviousEval: evaluation.ID,
        WaitUntil: formatInstant(nowNs + followUpDelayNs),
      },
    });
    this.#log.error(
      { evaluationId: evaluation.ID, jobId: evaluation.JobID, error: errorText(thrown) },
      "evaluation given up for now",
    );
    await store.write("evaluation.upsert", {
      evaluations: [
        {
          ...evaluation,
          Status: "failed",
          StatusDescription: `evaluation reached delivery limit (${deliveryLimit})`,
          NextEval: followUp.ID,
          ModifyTime: nowNs,
        },
        followUp,
      ],
    });
  }
}

const isEmptyPlan = ({ plan }: EvaluationOutput): boolean =>
  plan.place.length +
    plan.stop.length +
    plan.updateInPlace.length +
    plan.followUps.length +
    (plan.revive?.length ?? 0) +
    plan.deploymentUpdates.length +
    plan.createEvaluations.length ===
    0 && plan.createDeployment === null;

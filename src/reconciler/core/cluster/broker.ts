import { parseInstant } from "../../../lib/instant.ts";
import type { Evaluation } from "../../../model/evaluation.ts";
import type { EvaluationId } from "../../../model/ids.ts";
import type { Nanoseconds } from "../../../model/job.ts";
import { Heap } from "../../../lib/heap.ts";

/**
 * Which evaluation is next. One of a job at a time; the higher priority first, then the older one; none before its
 * time. Holds no truth: it is filled again from the state by whoever leads.
 */
export class EvaluationBroker {
  readonly #waiting = new Map<EvaluationId, Evaluation>();
  /** The waiting ones of each job: a backlog of many jobs must not be searched for one of them. */
  readonly #ofJob = new Map<string, Set<Evaluation>>();
  readonly #taken = new Map<string, EvaluationId>();
  readonly #parked = new Map<string, Evaluation[]>();
  readonly #ready = new Heap<Evaluation>(isMoreUrgent);
  readonly #delayed = new Heap<{ readonly atNs: Nanoseconds; readonly evaluation: Evaluation }>(
    (a, b) => a.atNs < b.atNs,
  );

  offer(evaluation: Evaluation, nowNs: Nanoseconds): void {
    if (this.#waiting.has(evaluation.ID)) return;
    if (this.#taken.get(jobText(evaluation)) === evaluation.ID) return;
    this.#waiting.set(evaluation.ID, evaluation);
    const job = jobText(evaluation);
    this.#ofJob.set(job, (this.#ofJob.get(job) ?? new Set()).add(evaluation));
    const atNs = dueNs(evaluation);
    if (atNs > nowNs) this.#delayed.push({ atNs, evaluation });
    else this.#ready.push(evaluation);
  }

  forget(id: EvaluationId): void {
    const evaluation = this.#waiting.get(id);
    if (!evaluation) return;
    this.#waiting.delete(id);
    const job = jobText(evaluation);
    const siblings = this.#ofJob.get(job);
    siblings?.delete(evaluation);
    if (siblings?.size === 0) this.#ofJob.delete(job);
  }

  /** The next one to work on; its job is busy until `release`. */
  take(nowNs: Nanoseconds): Evaluation | undefined {
    for (;;) {
      const delayed = this.#delayed.peek();
      if (!delayed || delayed.atNs > nowNs) break;
      this.#delayed.pop();
      if (this.#waiting.has(delayed.evaluation.ID)) this.#ready.push(delayed.evaluation);
    }
    for (;;) {
      const next = this.#ready.pop();
      if (!next) return undefined;
      if (this.#waiting.get(next.ID) !== next) continue;
      const job = jobText(next);
      if (this.#taken.has(job)) {
        this.#parked.set(job, [...(this.#parked.get(job) ?? []), next]);
        continue;
      }
      this.forget(next.ID);
      this.#taken.set(job, next.ID);
      return next;
    }
  }

  release(evaluation: Evaluation): void {
    const job = jobText(evaluation);
    if (this.#taken.get(job) !== evaluation.ID) return;
    this.#taken.delete(job);
    for (const parked of this.#parked.get(job) ?? []) this.#ready.push(parked);
    this.#parked.delete(job);
  }

  /** Others of the same job that are due as well, the newest last. */
  others(evaluation: Evaluation, nowNs: Nanoseconds): Evaluation[] {
    return [...(this.#ofJob.get(jobText(evaluation)) ?? [])]
      .filter((other) => dueNs(other) <= nowNs)
      .filter((other) => other.Status === "pending" && other.ID !== evaluation.ID)
      .toSorted((a, b) => a.CreateIndex - b.CreateIndex || (a.ID < b.ID ? -1 : 1));
  }

  /** When the next delayed one is due. */
  nextDueNs(): Nanoseconds | undefined {
    return this.#delayed.peek()?.atNs;
  }
}

const jobText = (evaluation: Evaluation): string => `${evaluation.Namespace}\n${evaluation.JobID}`;

const dueNs = (evaluation: Evaluation): Nanoseconds =>
  evaluation.WaitUntil === null ? 0 : (parseInstant(evaluation.WaitUntil) ?? 0);

const isMoreUrgent = (a: Evaluation, b: Evaluation): boolean =>
  a.Priority !== b.Priority
    ? a.Priority > b.Priority
    : a.CreateIndex !== b.CreateIndex
      ? a.CreateIndex < b.CreateIndex
      : a.ID < b.ID;

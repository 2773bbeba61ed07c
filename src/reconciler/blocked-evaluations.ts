import type { Evaluation } from "../model/evaluation.ts";
import type { EvaluationId } from "../model/ids.ts";

/**
 * Evaluations that wait for room, and what wakes them. No wake-up is lost: room that came up between an evaluation's
 * snapshot and its arrival here is remembered by index, and wakes it at once.
 */
export class BlockedEvaluations {
  readonly #blocked = new Map<EvaluationId, Evaluation>();
  readonly #roomByClass = new Map<string, number>();

  /** True: room has come up since the evaluation looked, so it should look again now. */
  add(evaluation: Evaluation): boolean {
    this.#blocked.set(evaluation.ID, evaluation);
    for (const [nodeClass, index] of this.#roomByClass)
      if (index > evaluation.SnapshotIndex && canUse(evaluation, nodeClass)) return true;
    return false;
  }

  remove(id: EvaluationId): void {
    this.#blocked.delete(id);
  }

  get(id: EvaluationId): Evaluation | undefined {
    return this.#blocked.get(id);
  }

  all(): Evaluation[] {
    return [...this.#blocked.values()];
  }

  /** Room came up on nodes of the class; answers which evaluations should look again. */
  roomOn(nodeClass: string, index: number): Evaluation[] {
    this.#roomByClass.set(nodeClass, index);
    return this.all().filter((evaluation) => canUse(evaluation, nodeClass));
  }
}

/** A class that was judged unfit stays unfit; one that was never seen may do. */
const canUse = (evaluation: Evaluation, nodeClass: string): boolean =>
  evaluation.EscapedComputedClass || evaluation.ClassEligibility?.[nodeClass] !== false;

import { assert } from "../../lib/errors.ts";
import type { EntryId } from "./types.ts";

/** A run of entries of one term; it ends where the next begins. */
export interface TermRun {
  readonly term: number;
  readonly from: number;
}

/**
 * Which term each entry of the log has, as runs: a few numbers however long the log is. `base` is the newest
 * entry that compaction removed; its term is still known.
 */
export class TermLog {
  #base: EntryId;
  #runs: TermRun[];
  #lastIndex: number;

  constructor(base: EntryId, runs: readonly TermRun[], lastIndex: number) {
    this.#base = base;
    this.#runs = [...runs];
    this.#lastIndex = lastIndex;
  }

  get base(): EntryId {
    return this.#base;
  }

  get lastIndex(): number {
    return this.#lastIndex;
  }

  last(): EntryId {
    return { index: this.#lastIndex, term: this.termAt(this.#lastIndex) ?? 0 };
  }

  /** undefined when the entry is compacted away or not there yet. */
  termAt(index: number): number | undefined {
    if (index === this.#base.index) return this.#base.term;
    if (index < this.#base.index || index > this.#lastIndex) return undefined;
    return this.#runs.findLast((run) => run.from <= index)?.term;
  }

  append(entry: EntryId): void {
    assert(entry.index === this.#lastIndex + 1, "the log grows without gaps");
    const newest = this.#runs.at(-1);
    assert(newest === undefined || newest.term <= entry.term, "terms never fall along the log");
    if (newest?.term !== entry.term) this.#runs.push({ term: entry.term, from: entry.index });
    this.#lastIndex = entry.index;
  }

  /** Removes the entry at `from` and all after it. */
  truncate(from: number): void {
    assert(from > this.#base.index, "a compacted entry is never taken back");
    this.#runs = this.#runs.filter((run) => run.from < from);
    this.#lastIndex = Math.min(this.#lastIndex, from - 1);
  }

  /** Forgets entries up to and including `through`. */
  compact(through: number): void {
    const term = this.termAt(through);
    if (term === undefined || through <= this.#base.index) return;
    this.#base = { index: through, term };
    const kept = this.#runs.filter((run) => run.from > through + 1);
    const straddling = this.#runs.findLast((run) => run.from <= through + 1);
    this.#runs =
      straddling === undefined || through === this.#lastIndex
        ? kept
        : [{ term: straddling.term, from: through + 1 }, ...kept];
  }

  /** The first index of the term that `index` has: where a leader may skip to after a refusal. */
  startOfTerm(index: number): number {
    return this.#runs.findLast((run) => run.from <= index)?.from ?? this.#base.index + 1;
  }
}

import type { IndexRange } from "./types.ts";

/** What a leader knows of one peer's log. */
export class PeerProgress {
  #next: number;
  #match = 0;
  #heard = true;

  constructor(next: number) {
    this.#next = next;
  }

  /** The first entry that has not been sent yet. */
  get next(): number {
    return this.#next;
  }

  /** The last entry that is known to be on the peer's disk and equal. */
  get match(): number {
    return this.#match;
  }

  matched(index: number): void {
    this.#heard = true;
    this.#match = Math.max(this.#match, index);
    this.#next = Math.max(this.#next, this.#match + 1);
  }

  /** Goes back to where the peer asks, never behind what matched: replies may arrive late and out of order. */
  refused(hint: number): void {
    this.#heard = true;
    this.#next = Math.max(this.#match + 1, Math.min(this.#next, hint + 1));
  }

  /** Whether the peer has answered since the last call. */
  takeHeard(): boolean {
    const heard = this.#heard;
    this.#heard = false;
    return heard;
  }

  /** What to send now. Sent entries count as on their way: a lost message shows as a refused heartbeat. */
  takeRange(last: number, limit: number): IndexRange | undefined {
    if (this.#next > last) return undefined;
    const range = { from: this.#next, to: Math.min(last, this.#next + limit - 1) };
    this.#next = range.to + 1;
    return range;
  }
}

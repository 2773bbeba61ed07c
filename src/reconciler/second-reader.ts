import { errorText } from "../lib/errors.ts";
import { Limiter } from "../lib/limiter.ts";
import type { Logger } from "../lib/logger.ts";

/** False when the other reader cannot read the text, undefined when it gave no answer. */
export type AskReader = (text: string) => Promise<boolean | undefined>;
export interface AcceptedText {
  readonly path: string;
  readonly hash: string;
  readonly text: string;
}

const warning =
  "hcl2-parser, the second reader of job files, cannot read this file although it was accepted: please report it, " +
  "the two readers should agree";

/**
 * Asks another reader about accepted job files, one at a time and beside the loop: its verdict is a warning for a
 * person and changes nothing that runs. An answer only brings the path back into the queue.
 */
export class SecondReader {
  readonly #log: Logger;
  readonly #ask: AskReader;
  readonly #requeue: (path: string) => void;
  readonly #places = new Limiter(1);
  /** The newest content that was accepted, by path: an older one is not worth the question any more. */
  readonly #newest = new Map<string, string>();
  readonly #refused = new Map<string, string>();
  #isStopped = false;

  constructor(log: Logger, ask: AskReader, requeue: (path: string) => void) {
    this.#log = log;
    this.#ask = ask;
    this.#requeue = requeue;
  }

  ask(accepted: AcceptedText): void {
    const { path, hash } = accepted;
    this.#newest.set(path, hash);
    this.#refused.delete(path);
    void this.#places.run(() => this.#question(accepted));
  }

  /** The warning about this content, once. */
  take(path: string, hash: string): string | undefined {
    if (this.#refused.get(path) !== hash) return undefined;
    this.#refused.delete(path);
    return warning;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #question({ path, hash, text }: AcceptedText): Promise<void> {
    if (this.#isStopped || this.#newest.get(path) !== hash) return;
    this.#newest.delete(path);
    let accepts: boolean | undefined;
    try {
      accepts = await this.#ask(text);
    } catch (thrown) {
      this.#log.debug({ path, error: errorText(thrown) }, "no second opinion on a job file");
      return;
    }
    if (accepts !== false || this.#isStopped) return;
    this.#refused.set(path, hash);
    this.#requeue(path);
  }
}

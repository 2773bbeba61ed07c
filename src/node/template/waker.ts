import { abortReasonOf } from "../../lib/abort.ts";
import type { Clock } from "../../lib/clock.ts";

/** Lets one waiter sleep until somebody says that something may have changed. */
export class Waker {
  readonly #clock: Clock;
  #hasChanged = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Only marks: whoever waits looks at the world itself. */
  readonly note = (): void => {
    this.#hasChanged = true;
    this.#wake?.();
  };

  /** Waits for the next note since the last call, at most `ms`; true for a note. Rejects when aborted. */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) throw abortReasonOf(signal);
    if (!this.#hasChanged)
      await new Promise<void>((resolve) => {
        const cancel = Number.isFinite(ms) ? this.#clock.after(ms, resolve) : (): void => undefined;
        this.#wake = (): void => {
          cancel();
          resolve();
        };
        signal.addEventListener("abort", this.#wake, { once: true });
      });
    if (this.#wake) signal.removeEventListener("abort", this.#wake);
    this.#wake = undefined;
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    if (signal.aborted) throw abortReasonOf(signal);
    return hasChanged;
  }
}

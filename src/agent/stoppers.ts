import { errorText } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";

/** What was started, to be stopped in reverse. One part that fails to stop does not keep the others. */
export class Stoppers {
  readonly #log: Logger;
  readonly #parts: { readonly name: string; readonly stop: () => Promise<void> | void }[] = [];

  constructor(log: Logger) {
    this.#log = log.child("agent");
  }

  add(name: string, stop: () => Promise<void> | void): void {
    this.#parts.push({ name, stop });
  }

  async run(): Promise<void> {
    for (let part = this.#parts.pop(); part; part = this.#parts.pop()) {
      try {
        await part.stop();
        this.#log.debug({ part: part.name }, "stopped");
      } catch (thrown) {
        this.#log.error({ part: part.name, error: errorText(thrown) }, "could not be stopped");
      }
    }
  }
}

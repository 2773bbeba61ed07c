import { Worker } from "node:worker_threads";
import type { Clock } from "../lib/clock.ts";

export interface SecondOpinion {
  /** False when we accept a text that the other reader cannot even read. */
  readonly agrees: boolean;
  readonly accepts: boolean;
}
export interface SecondOpinionOptions {
  readonly clock: Clock;
  /** Whether our own reader accepts the text. */
  readonly isAccepted: boolean;
  readonly timeoutMs?: number;
}

/**
 * Asks `hcl2-parser` whether it can read the text, in a thread of its own that ends with the answer: the package holds
 * much memory and cannot be interrupted. It knows syntax only, so what we refuse for its meaning is no disagreement.
 * Undefined when there is no answer in time.
 */
export function askSecondOpinion(
  text: string,
  options: SecondOpinionOptions,
): Promise<SecondOpinion | undefined> {
  const worker = new Worker(program, {
    eval: true,
    workerData: { text, url: import.meta.resolve("hcl2-parser") },
    resourceLimits: { maxOldGenerationSizeMb: 256 },
    stdout: true,
    stderr: true,
  });
  return new Promise((resolve) => {
    let isFinished = false;
    // Ending the thread makes it report its exit, which must not replace the answer that is already there.
    const finish = (opinion: SecondOpinion | undefined): void => {
      if (isFinished) return;
      isFinished = true;
      cancel();
      const end = (): void => resolve(opinion);
      worker.terminate().then(end, end);
    };
    const cancel = options.clock.after(options.timeoutMs ?? 5000, () => finish(undefined));
    worker.once("message", (accepts: unknown) =>
      finish({ accepts: accepts === true, agrees: accepts === true || !options.isAccepted }),
    );
    worker.once("error", () => finish(undefined));
    worker.once("exit", () => finish(undefined));
  });
}

const program = `
const { parentPort, workerData } = require("node:worker_threads");
import(workerData.url).then((loaded) => {
  const [, fault] = loaded.default.parseToObject(workerData.text);
  parentPort.postMessage(fault === null);
});
`;

import { Worker } from "node:worker_threads";
import type { parentPort } from "node:worker_threads";
import type { Clock } from "../clock.ts";
import { AppError, errorText } from "../errors.ts";

export interface WorkThreadOptions {
  readonly clock: Clock;
  /** The module that the thread runs, which calls `serveThread`. */
  readonly file: URL;
  readonly name: string;
  /** A piece of work that takes longer is given up. */
  readonly limitMs: number;
  readonly limitMb: number;
  /** An unused thread is ended after this: its memory is needed by others. */
  readonly idleMs?: number;
}
/** Why a piece of work has no result. */
export type Loss =
  | { readonly kind: "time"; readonly limitMs: number }
  | { readonly kind: "memory"; readonly limitMb: number }
  | { readonly kind: "failure"; readonly text: string };

type ThreadAnswer<Output> =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly output: Output };

/** The other side: answers each piece of work in turn. `buffersOf` names what is handed over and not copied. */
export function serveThread<Request, Output>(
  port: NonNullable<typeof parentPort>,
  work: (request: Request) => Output,
  buffersOf: (output: Output, request: Request) => readonly ArrayBuffer[] = () => [],
): void {
  port.on("message", (request: Request) => {
    const output = work(request);
    const answer: ThreadAnswer<Output> = { kind: "done", output };
    port.postMessage(answer, buffersOf(output, request));
  });
  const ready: ThreadAnswer<Output> = { kind: "ready" };
  port.postMessage(ready, []);
}

interface Waiting<Request, Output> {
  readonly request: Request;
  readonly transfer: readonly ArrayBuffer[];
  readonly resolve: (output: Output) => void;
  /** A piece of work that was given up has an answer too. */
  readonly giveUp: (loss: Loss) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A worker thread for one kind of work, one piece at a time. A thread that is lost, or taken from a piece that is
 * given up, is replaced by the next piece.
 */
export class WorkThread<Request, Output> {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #limitMb: number;
  readonly #idleMs: number;
  readonly #file: URL;
  readonly #name: string;
  readonly #queue: Waiting<Request, Output>[] = [];
  #worker: Worker | undefined;
  #isReady = false;
  #current: Waiting<Request, Output> | undefined;
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  constructor({ clock, file, name, limitMs, limitMb, idleMs = 30_000 }: WorkThreadOptions) {
    this.#clock = clock;
    this.#file = file;
    this.#name = name;
    this.#limitMs = limitMs;
    this.#limitMb = limitMb;
    this.#idleMs = idleMs;
  }

  /** What is in `transfer` is gone here afterwards. A piece that is given up is answered by `givenUp`. */
  ask(
    request: Request,
    givenUp: (loss: Loss) => Output,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Output> {
    if (this.#isClosed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      const giveUp = (loss: Loss): void => resolve(givenUp(loss));
      this.#queue.push({ request, transfer, resolve, giveUp, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    const waiting = [...(this.#current ? [this.#current] : []), ...this.#queue.splice(0)];
    this.#current = undefined;
    for (const one of waiting) one.reject(closed());
    await this.#worker?.terminate();
  }

  #next(): void {
    if (this.#current !== undefined || this.#queue.length === 0 || this.#isClosed) return;
    this.#worker ??= this.#start();
    // The time to load the thread is not the text's.
    if (!this.#isReady) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#current = next;
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(this.#limitMs, () => {
      this.#giveUp({ kind: "time", limitMs: this.#limitMs });
    });
    this.#worker.postMessage(next.request, next.transfer);
  }

  #start(): Worker {
    const worker = new Worker(this.#file, {
      name: this.#name,
      resourceLimits: { maxOldGenerationSizeMb: this.#limitMb, stackSizeMb: 4 },
    });
    this.#isReady = false;
    worker.on("message", (answer: ThreadAnswer<Output>) => {
      if (worker === this.#worker) this.#onAnswer(answer);
    });
    worker.on("error", (error) => {
      if (worker === this.#worker) this.#lost(error);
    });
    worker.on("exit", () => {
      if (worker === this.#worker) this.#lost(new Error(`the thread ${this.#name} ended`));
    });
    return worker;
  }

  #onAnswer(answer: ThreadAnswer<Output>): void {
    this.#cancelTimer();
    if (answer.kind === "ready") this.#isReady = true;
    else {
      this.#current?.resolve(answer.output);
      this.#current = undefined;
    }
    this.#cancelTimer = this.#clock.after(this.#idleMs, () => {
      this.#drop();
    });
    this.#next();
  }

  #lost(error: Error): void {
    const isMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
    if (this.#current === undefined) {
      // It could not even start: whoever waits is told, and the next text tries anew.
      for (const one of this.#queue.splice(0))
        one.reject(
          new AppError("unavailable", `the ${this.#name} cannot start: ${errorText(error)}`, {
            cause: error,
          }),
        );
      this.#drop();
      return;
    }
    this.#giveUp(
      isMemory
        ? { kind: "memory", limitMb: this.#limitMb }
        : { kind: "failure", text: errorText(error) },
    );
  }

  #giveUp(loss: Loss): void {
    this.#current?.giveUp(loss);
    this.#current = undefined;
    this.#drop();
    this.#next();
  }

  #drop(): void {
    this.#cancelTimer();
    const worker = this.#worker;
    this.#worker = undefined;
    this.#isReady = false;
    void worker?.terminate();
  }
}

const closed = (): AppError => new AppError("cancelled", "the agent stops");

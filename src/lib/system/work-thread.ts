import { Worker } from "node:worker_threads";
import type { parentPort } from "node:worker_threads";
import type { Clock } from "../clock.ts";
import { AppError, errorText } from "../errors.ts";
import { ownThreadName, threadTimeMs } from "./thread-time.ts";

export interface WorkThreadOptions {
  readonly clock: Clock;
  /** The module that the thread runs, which calls `serveThread`. */
  readonly file: URL;
  readonly name: string;
  /**
   * A piece of work that takes longer is given up. It is the processor's time that counts where the system tells it:
   * on a busy machine the thread waits for others, and its work is no more for that.
   */
  readonly limitMs: number;
  /** However little of the processor it got, a piece is given up after this. */
  readonly patienceMs?: number;
  readonly limitMb: number;
  /** An unused thread is ended after this: its memory is needed by others. */
  readonly idleMs?: number;
}
/** Why a piece of work has no result. */
export type Loss =
  | { readonly kind: "time"; readonly limitMs: number }
  /** The machine had no time for it. */
  | { readonly kind: "patience"; readonly patienceMs: number }
  | { readonly kind: "memory"; readonly limitMb: number }
  | { readonly kind: "failure"; readonly text: string };

type ThreadAnswer<Output> =
  | { readonly kind: "ready"; readonly threadName: string | undefined }
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
  const ready: ThreadAnswer<Output> = { kind: "ready", threadName: ownThreadName() };
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
  readonly #patienceMs: number;
  readonly #limitMb: number;
  readonly #idleMs: number;
  readonly #file: URL;
  readonly #name: string;
  readonly #queue: Waiting<Request, Output>[] = [];
  #worker: Worker | undefined;
  #isReady = false;
  #threadName: string | undefined;
  #current: Waiting<Request, Output> | undefined;
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  constructor({ clock, file, name, limitMs, limitMb, ...options }: WorkThreadOptions) {
    this.#clock = clock;
    this.#file = file;
    this.#name = name;
    this.#limitMs = limitMs;
    this.#patienceMs = options.patienceMs ?? Math.max(30_000, 3 * limitMs);
    this.#limitMb = limitMb;
    this.#idleMs = options.idleMs ?? 30_000;
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
    try {
      this.#worker.postMessage(next.request, next.transfer);
    } catch (thrown) {
      // It cannot be handed over, which is no fault of the thread.
      next.giveUp({ kind: "failure", text: errorText(thrown) });
      this.#next();
      return;
    }
    this.#current = next;
    this.#cancelTimer();
    this.#watch();
  }

  /** Looks again whenever the piece that begins now may have used up its time. */
  #watch(): void {
    const startedAt = this.#clock.monotonicMs();
    const usedBefore = threadTimeMs(this.#threadName) ?? 0;
    const look = (): void => {
      const waitedMs = this.#clock.monotonicMs() - startedAt;
      const usedNow = threadTimeMs(this.#threadName);
      const leftMs = this.#limitMs - (usedNow === undefined ? waitedMs : usedNow - usedBefore);
      if (leftMs <= 0) this.#giveUp({ kind: "time", limitMs: this.#limitMs });
      else if (waitedMs >= this.#patienceMs)
        this.#giveUp({ kind: "patience", patienceMs: this.#patienceMs });
      else this.#cancelTimer = this.#clock.after(this.#pause(leftMs, waitedMs), look);
    };
    this.#cancelTimer = this.#clock.after(this.#pause(this.#limitMs, 0), look);
  }

  /** Looking too often would only cost the main thread. */
  #pause(leftMs: number, waitedMs: number): number {
    const soonest = Math.max(1, this.#limitMs / 20);
    return Math.min(Math.max(leftMs, soonest), Math.max(this.#patienceMs - waitedMs, 1));
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
    if (answer.kind === "ready") {
      this.#isReady = true;
      this.#threadName = answer.threadName;
    } else {
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

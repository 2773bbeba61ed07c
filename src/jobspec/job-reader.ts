import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Clock } from "../lib/clock.ts";
import { AppError, errorText } from "../lib/errors.ts";
import type { ParseJobOptions, ParseJobResult } from "./parse-job.ts";
import type { ReaderAnswer, ReaderRequest } from "./reader/worker.ts";

/** Reads job files in a thread of its own, so that no text can hold up the agent or fill its memory. */
export interface JobReader {
  parse(text: string, options: ParseJobOptions): Promise<ParseJobResult>;
  /** The same for a file of the job folder, which may also hold JSON in the form of the HTTP API. */
  parseFile(text: string, options: ParseJobOptions): Promise<ParseJobResult>;
  close(): Promise<void>;
}
export interface JobReaderOptions {
  readonly clock: Clock;
  /** A text that takes longer is given up. */
  readonly limitMs?: number;
  readonly limitMb?: number;
  /** An unused thread is ended after this: its memory is needed by others. */
  readonly idleMs?: number;
}

interface Waiting {
  readonly request: ReaderRequest;
  readonly resolve: (result: ParseJobResult) => void;
  readonly reject: (error: Error) => void;
}

export function createJobReader(options: JobReaderOptions): JobReader {
  const reader = new ReaderThread(options);
  return {
    parse: (text, parseOptions) =>
      reader.ask({ kind: "parse", input: { text, options: parseOptions } }),
    parseFile: (text, parseOptions) =>
      reader.ask({ kind: "file", input: { text, options: parseOptions } }),
    close: () => reader.close(),
  };
}

/** One text at a time. A thread that is lost, or taken from a text that is given up, is replaced by the next text. */
class ReaderThread {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #limitMb: number;
  readonly #idleMs: number;
  readonly #queue: Waiting[] = [];
  #worker: Worker | undefined;
  #isReady = false;
  #current: Waiting | undefined;
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  constructor({ clock, limitMs = 1000, limitMb = 256, idleMs = 30_000 }: JobReaderOptions) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#limitMb = limitMb;
    this.#idleMs = idleMs;
  }

  ask(request: ReaderRequest): Promise<ParseJobResult> {
    if (this.#isClosed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject });
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
      this.#giveUp(
        "Too much work to read",
        `Reading it was given up after ${this.#limitMs} ms. Look for deep nesting and large loops.`,
      );
    });
    this.#worker.postMessage(next.request, []);
  }

  #start(): Worker {
    // The thread's file has this file's ending: `.js` when built, `.ts` when the tests run the sources.
    const file = `./reader/worker${extname(new URL(import.meta.url).pathname)}`;
    const worker = new Worker(new URL(file, import.meta.url), {
      name: "job reader",
      resourceLimits: { maxOldGenerationSizeMb: this.#limitMb, stackSizeMb: 4 },
    });
    this.#isReady = false;
    worker.on("message", (answer: ReaderAnswer) => {
      if (worker === this.#worker) this.#onAnswer(answer);
    });
    worker.on("error", (error) => {
      if (worker === this.#worker) this.#lost(error);
    });
    worker.on("exit", () => {
      if (worker === this.#worker) this.#lost(new Error("the reading thread ended"));
    });
    return worker;
  }

  #onAnswer(answer: ReaderAnswer): void {
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
          new AppError("unavailable", `job files cannot be read: ${errorText(error)}`, {
            cause: error,
          }),
        );
      this.#drop();
      return;
    }
    if (isMemory)
      this.#giveUp(
        "Too much memory to read",
        `Reading it takes more than ${this.#limitMb} MB. Look for large loops and long texts.`,
      );
    else this.#giveUp("The text cannot be read", `Reading it failed: ${errorText(error)}.`);
  }

  #giveUp(summary: string, detail: string): void {
    const { file } = this.#current?.request.input.options ?? {};
    this.#current?.resolve({
      ok: false,
      diagnostics: [
        { severity: "error", summary, detail, ...(file === undefined ? {} : { file }) },
      ],
    });
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

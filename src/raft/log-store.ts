import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Entry, EntryId, IndexRange } from "./core/types.ts";
import type { LogBatch, StoredLog } from "./storage/entry-table.ts";
import type { StorageAnswer, StorageFiles, StorageRequest } from "./storage/storage-server.ts";
import type { NumberedAnswer, NumberedRequest } from "./storage/worker.ts";

/** The durable log. A promise that resolves means: on the disk. */
export interface LogStore {
  readonly stored: StoredLog;
  append(batch: LogBatch): Promise<void>;
  /** Verified entries; throws on a damaged one. */
  read(range: IndexRange): Promise<readonly Entry[]>;
  compact(through: number): Promise<void>;
  /** Copies the state database, which holds at least everything up to `at`. */
  snapshot(at: EntryId): Promise<void>;
  close(): Promise<void>;
}
export interface LogStoreOptions {
  readonly files: StorageFiles;
  /** A request that takes longer counts as a hung disk. */
  readonly hangMs: number;
  /** Called once, on the first error or hang. Nothing is tried again: after a failed fsync nobody knows what is kept. */
  readonly onFatal: (error: Error) => void;
}

const openHangFactor = 6;
const snapshotHangFactor = 60;

export async function openLogStore(clock: Clock, options: LogStoreOptions): Promise<LogStore> {
  const thread = new StorageThread(clock, options);
  const stored = (await thread
    .call({ kind: "open", files: options.files })
    .catch(async (thrown) => {
      await thread.end();
      throw thrown;
    })) as StoredLog;
  return {
    stored,
    append: async (batch) => {
      await thread.call({ kind: "append", batch });
    },
    read: async (range) => (await thread.call({ kind: "read", range })) as readonly Entry[],
    compact: async (through) => {
      await thread.call({ kind: "compact", through });
    },
    snapshot: async (at) => {
      await thread.call({ kind: "snapshot", at });
    },
    close: async () => {
      await thread.call({ kind: "close" });
      await thread.end();
    },
  };
}

interface Waiting {
  readonly resolve: (answer: StorageAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly cancelTimer: () => void;
  readonly isHarmless: boolean;
}

/** Calls into the storage thread; the first failure ends all of them. */
class StorageThread {
  readonly #clock: Clock;
  readonly #options: LogStoreOptions;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #failure: AppError | undefined;
  #isEnding = false;

  constructor(clock: Clock, options: LogStoreOptions) {
    this.#clock = clock;
    this.#options = options;
    // The thread's file has this file's ending: `.js` when built, `.ts` when the tests run the sources.
    const file = `./storage/worker${extname(new URL(import.meta.url).pathname)}`;
    this.#worker = new Worker(new URL(file, import.meta.url), { name: "storage" });
    this.#worker.on("message", (answer: NumberedAnswer) => {
      this.#onAnswer(answer);
    });
    this.#worker.on("error", (error) => {
      this.#fail(new AppError("storage", "the storage thread failed", { cause: error }));
    });
    this.#worker.on("exit", () => {
      if (!this.#isEnding)
        this.#fail(new AppError("storage", "the storage thread ended by itself"));
    });
  }

  call(request: StorageRequest): Promise<StorageAnswer> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    if (request.kind === "close") this.#isEnding = true;
    return new Promise((resolve, reject) => {
      const cancelTimer = this.#clock.after(hangLimit(request, this.#options.hangMs), () => {
        const fields = { request: request.kind };
        this.#fail(new AppError("storage", "the disk does not answer", { fields }));
      });
      this.#waiting.set(id, {
        resolve,
        reject,
        cancelTimer,
        isHarmless: request.kind === "open" || request.kind === "snapshot",
      });
      this.#worker.postMessage({ id, request } satisfies NumberedRequest, []);
    });
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#worker.terminate();
  }

  #onAnswer(answer: NumberedAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.id);
    waiting.cancelTimer();
    if ("answer" in answer) {
      waiting.resolve(answer.answer);
      return;
    }
    const failure = new AppError("storage", answer.error);
    waiting.reject(failure);
    // Opening and copying may fail without anything being lost; after a failed write nobody knows what is kept.
    if (!waiting.isHarmless) this.#fail(failure);
  }

  #fail(failure: AppError): void {
    if (this.#failure) return;
    this.#failure = failure;
    for (const waiting of this.#waiting.values()) {
      waiting.cancelTimer();
      waiting.reject(failure);
    }
    this.#waiting.clear();
    this.#options.onFatal(failure);
  }
}

function hangLimit(request: StorageRequest, hangMs: number): number {
  if (request.kind === "open") return hangMs * openHangFactor;
  return request.kind === "snapshot" ? hangMs * snapshotHangFactor : hangMs;
}

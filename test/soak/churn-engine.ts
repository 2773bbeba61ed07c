import type { TaskDriver, TaskKey, TaskSpec } from "../../src/drivers/port.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { sleep } from "../../src/lib/clock.ts";
import { AppError, assertNever } from "../../src/lib/errors.ts";
import type { Random } from "../../src/lib/random.ts";
import type { makeDriverBench } from "../support/driver-spec.ts";
import { ScriptedEngine } from "../support/scripted-driver.ts";

export type EngineMode = "well" | "down" | "hung" | "failing";

/** Of one task: what was done to it, by the engine's own word. */
export interface Ledger {
  /** Ends of a running attempt that nobody had asked for. */
  ends: number;
  /** Starts that were refused in a way that counts. */
  refusals: number;
  /** Restarts that somebody wanted; several at once may become one. */
  asked: number;
  /** The attempts that were started. */
  readonly attempts: Set<number>;
}

const callTimeoutMs = 60_000;

/** A scripted engine with bad days: away, hung, full, failing, or losing its answers on the way. */
export class ChurnEngine {
  readonly engine = new ScriptedEngine();
  mode: EngineMode = "well";
  /** How often a call is done and its answer lost. */
  lossRate = 0;
  /** What the next starts say instead of starting. */
  readonly refusals: AppError[] = [];
  readonly #ledgers = new Map<string, Ledger>();
  readonly faults: string[] = [];
  /** Started, but nobody has shown yet that its node knows. */
  readonly #unconfirmed = new Set<string>();
  /** Whether somebody has a reason to stop this allocation's running tasks. */
  mayStop: (allocationId: string) => boolean = () => true;
  /** A start of this allocation was refused: its other tasks may have to go. */
  refused: (allocationId: string) => void = () => undefined;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Two containers that are not ours: of another node of this cluster, and of another cluster. */
  addForeign({ spec, owner }: ReturnType<typeof makeDriverBench>, cluster: string): void {
    for (const [at, whose] of [{ ...owner, cluster }, owner].entries()) {
      const own = spec({}, { owner: whose });
      const observed = {
        key: own.key,
        handle: `foreign-${at + 1}`,
        specHash: "hash",
        attempt: 0,
        state: "running",
        startedAt: "2026-01-01T00:00:00Z",
        finishedAt: null,
        exit: null,
      } as const;
      this.engine.tasks.set(observed.handle, {
        spec: own,
        observed,
        output: [],
        readers: new Set(),
      });
    }
  }

  ledger(allocationId: string, task: string): Ledger {
    const key = `${allocationId}/${task}`;
    const known = this.#ledgers.get(key) ?? { ends: 0, refusals: 0, asked: 0, attempts: new Set() };
    this.#ledgers.set(key, known);
    return known;
  }

  forget(allocationId: string): void {
    for (const key of this.#ledgers.keys())
      if (key.startsWith(`${allocationId}/`)) this.#ledgers.delete(key);
  }

  driver(): TaskDriver {
    const { engine } = this;
    const base = engine.driver();
    const call = <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
      this.#call(signal, work);
    const { networks, images, prepare } = base;
    return {
      ...base,
      fingerprint: async (signal) => {
        const isWell = this.mode === "well";
        if (this.mode === "hung") await this.#hang(signal);
        return {
          detected: true,
          healthy: isWell,
          description: isWell ? "Healthy" : "away",
          attributes: { version: "1.0" },
        };
      },
      list: (owner, signal) => call(signal, () => base.list(owner, signal)),
      inspect: (handle, signal) => {
        this.#unconfirmed.delete(handle);
        return call(signal, () => base.inspect(handle, signal));
      },
      start: (spec, notice, signal) =>
        call(signal, async () => {
          const refusal = this.refusals.shift();
          if (refusal) {
            this.#noteRefusal(spec.key);
            throw refusal;
          }
          const { image } = spec.config;
          if (typeof image === "string") await engine.images.pull(image, signal);
          this.#noteStart(spec);
          const known = new Set(engine.tasks.keys());
          const started = await base.start(spec, notice, signal);
          if (!known.has(started.handle)) this.#unconfirmed.add(started.handle);
          return started;
        }).catch((thrown: unknown) => this.#fail(spec.key, thrown)),
      stop: (handle, options, signal) =>
        call(signal, async () => {
          const task = engine.tasks.get(handle);
          if (task?.observed.state === "running" && !this.mayStop(task.spec.key.allocationId))
            this.faults.push(`stopped without a reason: ${handle}`);
          await base.stop(handle, options, signal);
        }),
      signal: (handle, name, signal) => call(signal, () => base.signal(handle, name, signal)),
      remove: (handle, signal) => {
        this.#unconfirmed.delete(handle);
        return call(signal, () => base.remove(handle, signal));
      },
      ...(prepare && {
        prepare: (asked, notice, signal) =>
          call(signal, () => prepare(asked, notice, signal)).catch((thrown: unknown) =>
            this.#fail(asked.key, thrown),
          ),
      }),
      ...(networks && {
        networks: {
          ensure: (spec, notice, signal) =>
            call(signal, () => networks.ensure(spec, notice, signal)),
          inspect: (id, owner, signal) => call(signal, () => networks.inspect(id, owner, signal)),
          list: (owner, signal) => call(signal, () => networks.list(owner, signal)),
          remove: (id, owner, signal) => call(signal, () => networks.remove(id, owner, signal)),
        },
      }),
      ...(images && {
        images: {
          ...images,
          find: (name, signal) => call(signal, () => images.find(name, signal)),
          remove: (image, signal) => call(signal, () => images.remove(image, signal)),
        },
      }),
    };
  }

  /** Passes on what went wrong with a start, or with what it starts from. */
  #fail(key: TaskKey, thrown: unknown): never {
    if (thrown instanceof AppError && thrown.fields["counts"] === true) this.#noteRefusal(key);
    throw thrown;
  }

  #noteRefusal({ allocationId, task }: TaskKey): void {
    this.ledger(allocationId, task).refusals++;
    this.refused(allocationId);
  }

  #noteStart(spec: TaskSpec): void {
    const { key, attempt } = spec;
    const others = [...this.engine.tasks.values()].filter(
      (task) =>
        task.spec.key.allocationId === key.allocationId &&
        task.spec.key.task === key.task &&
        task.spec.attempt !== attempt,
    );
    for (const { observed } of others) {
      // As an engine does that gives each task one name: what a lost answer left in its place has to go.
      if (this.#unconfirmed.has(observed.handle)) this.engine.take(observed.handle);
      else this.faults.push(`attempt ${attempt} of ${key.task} starts while another is left`);
    }
    this.ledger(key.allocationId, key.task).attempts.add(attempt);
  }

  async #call<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    switch (this.mode) {
      case "well":
        break;
      case "down":
        throw unreachable();
      case "failing":
        throw new AppError("driver", "the engine says: ouch", {
          fields: { status: 500, recoverable: true, counts: true },
        });
      case "hung":
        await this.#hang(signal);
        throw unreachable();
      default:
        assertNever(this.mode);
    }
    const done = await work();
    if (this.#random.fraction() < this.lossRate) throw unreachable();
    return done;
  }

  async #hang(signal: AbortSignal): Promise<void> {
    await sleep(this.#clock, callTimeoutMs, signal);
  }
}

const unreachable = (): AppError =>
  new AppError("driver-unreachable", "the engine does not answer", { fields: {} });

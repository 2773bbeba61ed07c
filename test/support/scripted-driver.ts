import type {
  DriverFingerprint,
  LogChunk,
  ObservedTask,
  StrayRules,
  TaskDriver,
  TaskExit,
  TaskKey,
  TaskOwner,
  TaskSpec,
} from "../../src/drivers/port.ts";
import type { TaskUsage } from "../../src/model/task-usage.ts";
import { AppError } from "../../src/lib/errors.ts";
import { ScriptedImages } from "./scripted-images.ts";
import { ScriptedNetworks } from "./scripted-networks.ts";

interface EngineTask {
  readonly spec: TaskSpec;
  observed: ObservedTask;
  readonly output: LogChunk[];
  /** Whoever follows the output; an agent that was killed may still be among them. */
  readonly readers: Set<() => void>;
}

/** An engine in memory that outlives the agents under test, and does only what the test tells it. */
export class ScriptedEngine {
  readonly tasks = new Map<string, EngineTask>();
  /** Every call that changed something, in order: `start web#0`, `stop web#0`, `remove web#0`. */
  readonly calls: string[] = [];
  readonly networks = new ScriptedNetworks();
  readonly images = new ScriptedImages();
  strays: StrayRules | undefined;
  isReachable = true;
  /** Errors that the next starts throw, in order. */
  readonly startErrors: Error[] = [];
  /** While set, starts wait for it. */
  startGate: Promise<void> | undefined;
  /** While set, stops wait for it once they have been asked for. */
  stopGate: Promise<void> | undefined;
  exitOnStop: TaskExit = { code: 0, signal: 0, oomKilled: false, message: "" };
  /** What every running task uses. */
  usage: TaskUsage | undefined;
  health = true;
  /** As when a call had no answer. */
  doubt: () => void = () => undefined;
  #serial = 0;
  readonly #watchers = new Set<(key: TaskKey) => void>();

  running(): readonly string[] {
    return [...this.tasks.values()]
      .filter((task) => task.observed.state === "running")
      .map((task) => nameOf(task.spec));
  }

  /** The newest attempt of a task. */
  task(name: string): EngineTask {
    const found = [...this.tasks.values()].filter((task) => task.spec.key.task === name).at(-1);
    if (!found) throw new Error(`the engine has no task ${name}`);
    return found;
  }

  exit(name: string, exit: Partial<TaskExit> = {}): void {
    const task = this.task(name);
    this.#end(task, { code: 0, signal: 0, oomKilled: false, message: "", ...exit });
  }

  /** Ends one attempt by its handle; what has ended already stays as it is. */
  end(handle: string, exit: TaskExit): void {
    const task = this.tasks.get(handle);
    if (task?.observed.state === "running") this.#end(task, exit);
  }

  print(name: string, text: string, stream: "stdout" | "stderr" = "stdout"): void {
    this.write(this.task(name).observed.handle, text, stream);
  }

  write(handle: string, text: string, stream: "stdout" | "stderr" = "stdout"): void {
    const task = this.tasks.get(handle);
    if (!task) throw new Error(`the engine has no task ${handle}`);
    task.output.push({ stream, data: Buffer.from(text), cursor: String(task.output.length + 1) });
    wake(task);
  }

  /** Takes a task away as `docker rm -f` from outside would. */
  vanish(name: string): void {
    this.take(this.task(name).observed.handle);
  }

  take(handle: string): void {
    const task = this.tasks.get(handle);
    if (!task) return;
    this.tasks.delete(handle);
    wake(task);
    this.#changed(task.spec.key);
  }

  driver(name = "scripted"): TaskDriver {
    const check = (): void => {
      if (!this.isReachable) throw new AppError("driver-unreachable", "the engine does not answer");
    };
    return {
      name,
      isolation: "none",
      validate: () => [],
      fingerprint: (): Promise<DriverFingerprint> =>
        Promise.resolve({
          detected: true,
          healthy: this.health,
          description: this.health ? "Healthy" : "Unhealthy",
          attributes: { version: "1.0" },
        }),
      list: async (owner: TaskOwner) => {
        check();
        return [...this.tasks.values()]
          .filter(
            ({ spec }) =>
              spec.owner.cluster === owner.cluster && spec.owner.nodeId === owner.nodeId,
          )
          .map((task) => task.observed);
      },
      inspect: async (handle) => {
        check();
        return this.tasks.get(handle)?.observed;
      },
      start: (spec, _notice, signal) => this.#start(spec, signal, check),
      stop: async (handle, _options, signal) => {
        check();
        const task = this.tasks.get(handle);
        if (task?.observed.state !== "running") return;
        this.calls.push(`stop ${nameOf(task.spec)}`);
        if (this.stopGate) await Promise.race([this.stopGate, aborted(signal)]);
        this.#end(task, this.exitOnStop);
      },
      signal: async (handle, signalName) => {
        check();
        const task = this.tasks.get(handle);
        if (task) this.calls.push(`signal ${nameOf(task.spec)} ${signalName}`);
      },
      remove: async (handle) => {
        check();
        const task = this.tasks.get(handle);
        if (!task) return;
        this.calls.push(`remove ${nameOf(task.spec)}`);
        this.tasks.delete(handle);
        wake(task);
      },
      networks: this.networks.port(check, (call) => void this.calls.push(call)),
      ...this.images.port(check),
      ...(this.strays && { strays: this.strays }),
      output: (handle, cursor, signal) => this.#output(handle, Number(cursor ?? 0), signal),
      stats: async () => this.usage,
      watch: (_owner, changed, doubted) => {
        this.#watchers.add(changed);
        this.doubt = doubted ?? this.doubt;
        return { close: () => this.#watchers.delete(changed) };
      },
    };
  }

  async #start(spec: TaskSpec, signal: AbortSignal, check: () => void): Promise<ObservedTask> {
    check();
    const error = this.startErrors.shift();
    if (error) throw error;
    if (this.startGate) await Promise.race([this.startGate, aborted(signal)]);
    const before = [...this.tasks.values()].find(
      (task) =>
        nameOf(task.spec) === nameOf(spec) &&
        task.spec.key.allocationId === spec.key.allocationId &&
        task.spec.specHash === spec.specHash,
    );
    if (before) return before.observed;
    this.calls.push(`start ${nameOf(spec)}`);
    const handle = `handle-${++this.#serial}`;
    const observed: ObservedTask = {
      key: spec.key,
      handle,
      specHash: spec.specHash,
      attempt: spec.attempt,
      state: "running",
      startedAt: "2026-01-01T00:00:00Z",
      finishedAt: null,
      exit: null,
    };
    this.tasks.set(handle, { spec, observed, output: [], readers: new Set() });
    return observed;
  }

  async *#output(handle: string, from: number, signal: AbortSignal): AsyncIterable<LogChunk> {
    const task = this.tasks.get(handle);
    if (!task) throw new AppError("not-found", "no such task");
    for (let at = from; ;) {
      const chunk = task.output[at];
      if (chunk) {
        at++;
        yield chunk;
        continue;
      }
      if (signal.aborted || task.observed.state === "exited" || !this.tasks.has(handle)) return;
      await new Promise<void>((resolve) => {
        task.readers.add(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  #end(task: EngineTask, exit: TaskExit): void {
    task.observed = { ...task.observed, state: "exited", finishedAt: "2026-01-01T00:00:01Z", exit };
    wake(task);
    this.#changed(task.spec.key);
  }

  #changed(key: TaskKey): void {
    for (const watcher of this.#watchers) watcher(key);
  }
}

function wake({ readers }: EngineTask): void {
  for (const reader of readers) reader();
  readers.clear();
}

const nameOf = (spec: TaskSpec): string => `${spec.key.task}#${spec.attempt}`;

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });

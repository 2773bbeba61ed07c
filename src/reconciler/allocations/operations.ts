import { AppError, assertNever, errorText, retryLevel } from "../../lib/errors.ts";
import { Limiter } from "../../lib/limiter.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Task } from "../../model/job.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import type { Outcome, TaskAction } from "../core/node/types.ts";
import type { DesiredAllocation } from "../ports.ts";
import type { AllocationEntry } from "./entry.ts";
import { makeNetwork, networkDriverOf, removeNetwork } from "./group-network.ts";
import { StickyDisks } from "../../node/sticky-disk.ts";
import type { AllocationLoopOptions } from "./loop-options.ts";
import { isUnreachable, removeTask, startTask, stopTask } from "./task-operations.ts";
import type { OperationContext } from "./task-operations.ts";

type Operation = Exclude<TaskAction, { kind: "cancel-start" }>;

/** Does what was decided, beside the turns: a slow pull never keeps a stop waiting. Outcomes come back as keys. */
export class Operations {
  readonly #options: AllocationLoopOptions;
  readonly #log: Logger;
  readonly #wake: (id: string) => void;
  readonly #starts: Limiter;
  readonly #disks: StickyDisks;
  readonly #running = new Set<Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(options: AllocationLoopOptions, log: Logger, wake: (id: string) => void) {
    this.#options = options;
    this.#log = log;
    this.#wake = wake;
    this.#starts = new Limiter(options.concurrency);
    this.#disks = new StickyDisks(options.directories);
  }

  launch(entry: AllocationEntry, desired: DesiredAllocation, action: TaskAction): void {
    if (action.kind === "cancel-start") {
      entry.cancel(action.task);
      return;
    }
    const operation = this.#run(entry, desired, action).finally(() => {
      this.#running.delete(operation);
      this.#wake(entry.id);
    });
    this.#running.add(operation);
  }

  /** Lets the calls under way end or aborts them. */
  async stop(): Promise<void> {
    this.#stopped.abort(new Error("the node stops"));
    await Promise.all(this.#running);
  }

  async #run(entry: AllocationEntry, desired: DesiredAllocation, action: Operation): Promise<void> {
    const abort = entry.begin(action.task, action.kind);
    const signal = AbortSignal.any([abort.signal, this.#stopped.signal]);
    try {
      const outcome = await this.#perform(entry, desired, action, signal);
      if (outcome) entry.outcomes.push(outcome);
      // Tasks that still have to end keep the wish for a network alive: the next try waits, however quick the refusal.
      if (outcome?.kind === "network-failed")
        entry.pause(action.task, action.kind, this.#options.clock.nowNs());
      else entry.end(action.task);
    } catch (thrown) {
      if (this.#stopped.signal.aborted) return;
      const nowNs = this.#options.clock.nowNs();
      const pauseMs = entry.pause(action.task, action.kind, nowNs);
      const fields = { allocationId: entry.id, task: action.task, action: action.kind, pauseMs };
      this.#log[retryLevel(thrown)](
        { ...fields, unreachable: isUnreachable(thrown), error: errorText(thrown) },
        "action failed and will be repeated",
      );
    }
  }

  async #perform(
    entry: AllocationEntry,
    desired: DesiredAllocation,
    action: Operation,
    signal: AbortSignal,
  ): Promise<Outcome | undefined> {
    if (action.kind === "make-network" || action.kind === "remove-network")
      return this.#network(entry, desired, action.kind, signal);
    const task = groupOf(desired).Tasks.find(({ Name }) => Name === action.task);
    // A job of another version has no such task; its record still wants to be cleared away.
    if (!task) return undefined;
    const driver = this.#options.drivers.get(task.Driver);
    if (!driver && action.kind === "start") return noDriver(task);
    if (!driver) throw new AppError("driver-unreachable", `this node has no driver ${task.Driver}`);
    const context = this.#context(entry, { desired, task, driver, signal });
    switch (action.kind) {
      case "start": {
        const { region, node, hostEnv, owner } = this.#options;
        const { attempt } = action;
        const hash = entry.record?.tasks[action.task]?.specHash;
        const network = entry.record?.network?.handle;
        const spec = { desired, task, driver, owner, node: node(), region, hostEnv, attempt };
        return this.#starts.run(() => startTask(context, { ...spec, network }, hash));
      }
      case "stop":
        return stopTask(context, action);
      case "remove":
        await this.#options.logs.finished(entry.id, action.task, action.handle);
        return removeTask(context, action);
      default:
        return assertNever(action);
    }
  }

  #network(
    entry: AllocationEntry,
    desired: DesiredAllocation,
    kind: "make-network" | "remove-network",
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { drivers, owner } = this.#options;
    const tell = (outcome: Outcome): void => this.#tell(entry, outcome);
    const driver = networkDriverOf(desired, drivers);
    const context = { desired, driver, owner, tell, signal };
    if (kind === "remove-network") return removeNetwork(context);
    return this.#starts.run(() => makeNetwork(context));
  }

  #context(
    entry: AllocationEntry,
    call: Pick<OperationContext, "desired" | "task" | "driver" | "signal">,
  ): OperationContext {
    const { owner, directories, source, failpoint, clock, artifacts, templates, devices } =
      this.#options;
    const tell = (outcome: Outcome): void => this.#tell(entry, outcome);
    const log = this.#log;
    const kept = { owner, directories, disks: this.#disks, source, artifacts, templates, devices };
    return { ...call, ...kept, failpoint, clock, log, tell };
  }

  #tell(entry: AllocationEntry, outcome: Outcome): void {
    entry.outcomes.push(outcome);
    this.#wake(entry.id);
  }
}

const noDriver = (task: Task): Outcome => ({
  kind: "start-failed",
  task: task.Name,
  stage: "driver",
  error: `this node has no driver ${task.Driver}`,
  isRecoverable: false,
});

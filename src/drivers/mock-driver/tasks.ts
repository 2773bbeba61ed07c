import { type Clock, sleep } from "../../lib/clock.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { Logger } from "../../lib/logger.ts";
import { optionBlocks, optionFlag, optionNumber, optionText } from "../core/option-table.ts";
import type { DriverWatch, ObservedTask, TaskKey, TaskOwner, TaskSpec } from "../port.ts";
import { lifeOf, observedTask } from "./observe.ts";
import type { Life } from "./output.ts";
import { mockHandle, type MockRecords } from "./records.ts";
import { pretendCommand } from "./session.ts";
import { type EndWatch, watchEnds } from "./watch.ts";
import type { CommandSession } from "../../lib/command-session.ts";

/** How long the driver is away after its pretended plugin ended, until the agent has started it again. */
const awayMs = 1_000;
/** What a process dies of that does not listen. */
const deadly = new Set(["TERM", "INT", "QUIT", "KILL"]);

/** The pretended tasks of one driver: their records, and who wants to hear of their ends. */
export class PretendedTasks {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #records: MockRecords;
  readonly #watches = new Set<EndWatch>();
  #gaps: readonly { readonly fromMs: number; readonly toMs: number }[] = [];

  constructor(clock: Clock, log: Logger, records: MockRecords) {
    this.#clock = clock;
    this.#log = log;
    this.#records = records;
  }

  isAway(): boolean {
    const now = this.#clock.nowMs();
    return this.#gaps.some(({ fromMs, toMs }) => now >= fromMs && now < toMs);
  }

  async list(owner: TaskOwner): Promise<readonly ObservedTask[]> {
    this.#reach();
    return this.#records
      .list(owner)
      .map(([handle, record]) => observedTask(handle, record, this.#clock.nowMs()));
  }

  inspect(handle: string): ObservedTask | undefined {
    this.#reach();
    const record = this.#records.read(handle);
    return record === undefined ? undefined : observedTask(handle, record, this.#clock.nowMs());
  }

  life(handle: string): Life | undefined {
    const record = this.#records.read(handle);
    return record === undefined ? undefined : lifeOf(record);
  }

  async start(spec: TaskSpec, options: JsonObject, signal: AbortSignal): Promise<ObservedTask> {
    const handle = mockHandle(spec);
    const existing = this.inspect(handle);
    if (existing?.specHash === spec.specHash) return existing;
    const blockedMs = (optionNumber(options, "start_block_for") ?? 0) / 1e6;
    if (blockedMs > 0) await sleep(this.#clock, blockedMs, signal);
    const error = optionText(options, "start_error");
    const recoverable = optionFlag(options, "start_error_recoverable");
    if (error !== "") throw new AppError("driver", error, { fields: { recoverable } });
    const { key, owner, specHash, attempt } = spec;
    const startedAtMs = this.#clock.nowMs();
    const record = { key, owner, specHash, attempt, options, startedAtMs };
    this.#records.write(handle, record);
    this.#leaveAfter((optionNumber(options, "plugin_exit_after") ?? 0) / 1e6);
    this.#look();
    return observedTask(handle, record, startedAtMs);
  }

  kill(handle: string): void {
    if (this.inspect(handle)?.state !== "running") return;
    const record = this.#records.read(handle);
    if (record === undefined) return;
    this.#records.write(handle, { ...record, killedAtMs: this.#clock.nowMs() });
    this.#look();
  }

  signal(handle: string, name: string): void {
    this.#reach();
    const error = optionText(this.#records.read(handle)?.options ?? {}, "signal_error");
    if (error !== "") throw new AppError("driver", error);
    if (deadly.has(name.toUpperCase().replace(/^SIG/, ""))) this.kill(handle);
  }

  remove(handle: string): void {
    this.#reach();
    this.#records.remove(handle);
    this.#look();
  }

  exec(handle: string, signal: AbortSignal): CommandSession {
    if (this.inspect(handle)?.state !== "running")
      throw new AppError("driver", "the task does not run");
    const [command] = optionBlocks(this.#records.read(handle)?.options ?? {}, "exec_command");
    if (command === undefined)
      throw new AppError("driver", "the task has no exec_command to pretend");
    return pretendCommand(this.#clock, command, signal);
  }

  watch(owner: TaskOwner, changed: (key: TaskKey) => void): DriverWatch {
    const list = () =>
      this.#records.list(owner).map(([handle, record]) => ({
        handle,
        key: record.key,
        endMs: lifeOf(record).endMs,
      }));
    const watch = watchEnds(this.#clock, list, changed, (thrown) => {
      this.#log.warn({ error: errorText(thrown) }, "records of tasks cannot be read");
    });
    this.#watches.add(watch);
    return {
      close: () => {
        this.#watches.delete(watch);
        watch.close();
      },
    };
  }

  #reach(): void {
    if (this.isAway()) throw new AppError("driver-unreachable", "the driver's plugin has exited");
  }

  #leaveAfter(ms: number): void {
    if (ms <= 0) return;
    const now = this.#clock.nowMs();
    const fromMs = now + ms;
    this.#gaps = [
      ...this.#gaps.filter(({ toMs }) => toMs > now),
      { fromMs, toMs: fromMs + awayMs },
    ];
  }

  #look(): void {
    for (const watch of this.#watches) watch.look();
  }
}

import { errorText } from "../../lib/errors.ts";
import { ReconcileLoop } from "../../lib/work-queue.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Random } from "../../lib/random.ts";
import type { AllocationReport, ClientStatus } from "../../model/allocation.ts";
import type { NodeId } from "../../model/ids.ts";
import type { AllocationSource } from "../ports.ts";

/** A rollout waits for each verdict on health; neighbours that become healthy together still share a report. */
const healthMs = 40;
const batchMs = 200;
const mostAtOnce = 500;

export interface StatusReporterOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly source: AllocationSource;
  readonly nodeId: NodeId;
}

interface Told {
  readonly text: string;
  readonly status: string;
  readonly health: string;
}

/**
 * Tells the servers what became of the allocations: the newest report of each, in batches. Keeps what could not be
 * delivered until it is.
 */
export class StatusReporter {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #source: AllocationSource;
  readonly #nodeId: NodeId;
  readonly #loop: ReconcileLoop;
  readonly #pending = new Map<string, AllocationReport>();
  readonly #told = new Map<string, Told>();
  #dueMs = Infinity;

  constructor({ clock, random, log, source, nodeId }: StatusReporterOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#source = source;
    this.#nodeId = nodeId;
    this.#loop = new ReconcileLoop(clock, random, log, {
      name: "status-reporter",
      concurrency: 1,
      backoff: { firstMs: 500, maxMs: 5_000 },
      reconcile: async () => {
        await this.#flush();
        return { kind: "done" };
      },
    });
  }

  /**
   * Remembers the report if it says something new. A status that the servers do not know yet leaves at once, a
   * verdict on health soon, the rest with the next batch.
   */
  tell(report: AllocationReport, knownStatus: ClientStatus): void {
    const text = JSON.stringify(report);
    const health = JSON.stringify(report.health);
    const before = this.#told.get(report.id) ?? { text: "", status: knownStatus, health: "null" };
    if (before.text === text) return;
    this.#told.set(report.id, { text, status: report.clientStatus, health });
    this.#pending.set(report.id, report);
    if (before.status !== report.clientStatus) this.#loop.add("report");
    else this.#flushWithin(before.health === health ? batchMs : healthMs);
  }

  #flushWithin(ms: number): void {
    const dueMs = this.#clock.monotonicMs() + ms;
    if (this.#dueMs <= dueMs) return;
    this.#dueMs = dueMs;
    this.#loop.addAfter("report", ms);
  }

  forget(id: string): void {
    this.#pending.delete(id);
    this.#told.delete(id);
  }

  async #flush(): Promise<void> {
    this.#dueMs = Infinity;
    const batch = [...this.#pending.values()].slice(0, mostAtOnce);
    if (batch.length === 0) return;
    await this.#source.report(this.#nodeId, batch);
    for (const report of batch)
      if (this.#pending.get(report.id) === report) this.#pending.delete(report.id);
    if (this.#pending.size > 0) this.#loop.add("report");
  }

  /** Gives what is left one last chance. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    try {
      await this.#flush();
    } catch (thrown) {
      // The next start reports everything again.
      this.#log.warn({ error: errorText(thrown) }, "last report not delivered");
    }
  }
}

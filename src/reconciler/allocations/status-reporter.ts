import { errorText } from "../../lib/errors.ts";
import { ReconcileLoop } from "../../lib/work-queue.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Random } from "../../lib/random.ts";
import type { AllocationReport, ClientStatus } from "../../model/allocation.ts";
import type { NodeId } from "../../model/ids.ts";
import type { AllocationSource } from "../ports.ts";

const batchMs = 200;
const mostAtOnce = 500;

export interface StatusReporterOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly source: AllocationSource;
  readonly nodeId: NodeId;
}

/**
 * Tells the servers what became of the allocations: the newest report of each, in batches. Keeps what could not be
 * delivered until it is.
 */
export class StatusReporter {
  readonly #log: Logger;
  readonly #source: AllocationSource;
  readonly #nodeId: NodeId;
  readonly #loop: ReconcileLoop;
  readonly #pending = new Map<string, AllocationReport>();
  readonly #told = new Map<string, { readonly text: string; readonly status: string }>();
  #isScheduled = false;

  constructor({ clock, random, log, source, nodeId }: StatusReporterOptions) {
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
   * Remembers the report if it says something new. A status that the servers do not know yet leaves at once, the
   * rest with the next batch.
   */
  tell(report: AllocationReport, knownStatus: ClientStatus): void {
    const text = JSON.stringify(report);
    const before = this.#told.get(report.id) ?? { text: "", status: knownStatus };
    if (before.text === text) return;
    this.#told.set(report.id, { text, status: report.clientStatus });
    this.#pending.set(report.id, report);
    if (before.status !== report.clientStatus) this.#loop.add("report");
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#loop.addAfter("report", batchMs);
    }
  }

  forget(id: string): void {
    this.#pending.delete(id);
    this.#told.delete(id);
  }

  async #flush(): Promise<void> {
    this.#isScheduled = false;
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

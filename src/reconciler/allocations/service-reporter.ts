import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Random } from "../../lib/random.ts";
import { ReconcileLoop } from "../../lib/work-queue.ts";
import type { Turn } from "../../lib/work-queue.ts";
import type { NodeId } from "../../model/ids.ts";
import { serviceChanges } from "../core/node/service-changes.ts";
import type { ServicesDecision, WantedService } from "../core/node/services.ts";
import type { AllocationSource } from "../ports.ts";

const lookMs = 30_000;
/** In one command; the rest follows at once. */
const mostAtOnce = 500;
const everything = "services";

export interface ServiceReporterOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly source: AllocationSource;
  readonly nodeId: NodeId;
  /** True once the servers' full list is known and this allocation is not on it. */
  readonly isForeign: (allocationId: string) => boolean;
  /** The servers have taken the allocation's services out. */
  readonly withdrawn: (allocationId: string) => void;
}
interface Told {
  readonly text: string;
  readonly faults: string;
}

/**
 * Keeps the catalogue's part about this node as it should be. Every turn reads what the servers have and sends the
 * difference, so that whatever was lost, on either side, is put right by the next one.
 */
export class ServiceReporter {
  readonly #options: ServiceReporterOptions;
  readonly #loop: ReconcileLoop;
  readonly #wanted = new Map<string, readonly WantedService[]>();
  readonly #told = new Map<string, Told>();
  readonly #withdrawing = new Set<string>();
  readonly #unwatch: () => void;

  constructor(options: ServiceReporterOptions) {
    this.#options = options;
    this.#loop = new ReconcileLoop(options.clock, options.random, options.log, {
      name: "service-reporter",
      concurrency: 1,
      // A stop waits for this: a server that does not answer is asked again soon.
      backoff: { firstMs: 100, maxMs: 1_000 },
      reconcile: () => this.#report(),
    });
    this.#unwatch = options.source.watchServices(options.nodeId, () => {
      this.#loop.add(everything);
    });
    this.#loop.add(everything);
  }

  /** What the allocation wants to have in the catalogue from now on, and whether its stop waits until it is there. */
  tell(allocationId: string, decision: ServicesDecision, isAwaited: boolean): void {
    const text = JSON.stringify(decision.wanted);
    const faults = decision.faults.join("; ");
    const before = this.#told.get(allocationId);
    if (faults !== "" && before?.faults !== faults)
      this.#options.log.warn({ allocationId, faults }, "services cannot be registered");
    this.#told.set(allocationId, { text, faults });
    this.#wanted.set(allocationId, decision.wanted);
    if (isAwaited) this.#withdrawing.add(allocationId);
    if (isAwaited || before?.text !== text) this.#loop.add(everything);
  }

  forget(allocationId: string): void {
    this.#wanted.delete(allocationId);
    this.#told.delete(allocationId);
    this.#withdrawing.delete(allocationId);
  }

  stop(): Promise<void> {
    this.#unwatch();
    return this.#loop.stop();
  }

  async #report(): Promise<Turn> {
    const { source, nodeId, isForeign } = this.#options;
    const listed = await source.services(nodeId);
    // As they are now: what changes from here on is the next turn's.
    const withdrawing = [...this.#withdrawing];
    const { upsert, remove } = serviceChanges({ listed, wanted: this.#wanted, isForeign });
    for (let at = 0; at < Math.max(upsert.length, remove.length); at += mostAtOnce)
      await source.reportServices(nodeId, {
        upsert: upsert.slice(at, at + mostAtOnce),
        remove: remove.slice(at, at + mostAtOnce),
      });
    for (const id of withdrawing) if (this.#withdrawing.delete(id)) this.#options.withdrawn(id);
    return { kind: "again", afterMs: lookMs, reason: "next look" };
  }
}

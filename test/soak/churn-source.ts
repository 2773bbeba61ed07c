import type { AllocationReport } from "../../src/model/allocation.ts";
import { MemorySource } from "../support/memory-source.ts";

/** Servers that keep what they are told in the allocations, as the real ones do. */
export class ChurnSource extends MemorySource {
  readonly #last = new Map<string, AllocationReport>();
  /** Hears of each report. */
  heard: (report: AllocationReport) => void = () => undefined;

  override last(id: string): AllocationReport | undefined {
    return this.#last.get(id);
  }

  override async report(nodeId: string, reports: readonly AllocationReport[]): Promise<void> {
    await super.report(nodeId, reports);
    this.reports.length = 0;
    this.registrations.length = 0;
    for (const report of reports) {
      this.#last.set(report.id, report);
      this.heard(report);
      const known = this.desired.get(report.id);
      if (!known) continue;
      const { clientStatus, clientDescription, taskStates, networkStatus } = report;
      const told = {
        ClientStatus: clientStatus,
        ClientDescription: clientDescription,
        TaskStates: taskStates,
        NetworkStatus: networkStatus,
      };
      this.desired.set(report.id, { ...known, allocation: { ...known.allocation, ...told } });
    }
  }

  forget(id: string): void {
    this.#last.delete(id);
  }
}

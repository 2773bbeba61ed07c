import { expect, test } from "vitest";
import { silentLogger } from "../../../src/lib/logger.ts";
import type { AllocationReport } from "../../../src/model/allocation.ts";
import { allocationId, nodeId } from "../../../src/model/ids.ts";
import { StatusReporter } from "../../../src/reconciler/allocations/status-reporter.ts";
import type { AllocationSource } from "../../../src/reconciler/ports.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { MemorySource } from "../../support/memory-source.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const healthy = { healthy: true, at: "2026-11-21T09:00:00Z" };

function report(id: string, changes: Partial<AllocationReport> = {}): AllocationReport {
  return {
    id: allocationId(id),
    clientStatus: "running",
    clientDescription: "Tasks are running",
    taskStates: {},
    networkStatus: null,
    health: null,
    ...changes,
  };
}

function setUp() {
  const clock = new FakeClock();
  const start = clock.monotonicMs();
  const sent: { readonly atMs: number; readonly ids: readonly string[] }[] = [];
  const source: AllocationSource = Object.assign(new MemorySource(), {
    async report(_: unknown, reports: readonly AllocationReport[]) {
      sent.push({ atMs: clock.monotonicMs() - start, ids: reports.map(({ id }) => id) });
    },
  });
  const reporter = new StatusReporter({
    clock,
    random: seededRandom(1),
    log: silentLogger,
    source,
    nodeId: nodeId("n1"),
  });
  return { clock, sent, reporter };
}

test("a new status leaves at once, what changed inside the tasks with the next batch", async () => {
  const { clock, sent, reporter } = setUp();
  reporter.tell(report("a"), "pending");
  await clock.advance(0);
  expect(sent).toEqual([{ atMs: 0, ids: ["a"] }]);
  reporter.tell(report("a", { clientDescription: "other" }), "running");
  await clock.advance(199);
  expect(sent).toHaveLength(1);
  await clock.advance(1);
  expect(sent).toEqual([
    { atMs: 0, ids: ["a"] },
    { atMs: 200, ids: ["a"] },
  ]);
});

test("a verdict on health leaves soon, together with its neighbour's and with what waited", async () => {
  const { clock, sent, reporter } = setUp();
  reporter.tell(report("a", { clientDescription: "other" }), "running");
  await clock.advance(100);
  reporter.tell(report("b", { health: healthy }), "running");
  await clock.advance(20);
  reporter.tell(report("c", { health: healthy }), "running");
  await clock.advance(1000);
  expect(sent).toEqual([{ atMs: 140, ids: ["a", "b", "c"] }]);
});

test("the same report again is not sent again", async () => {
  const { clock, sent, reporter } = setUp();
  reporter.tell(report("a"), "pending");
  await clock.advance(1000);
  reporter.tell(report("a"), "running");
  await clock.advance(1000);
  expect(sent).toHaveLength(1);
});

import { expect, test } from "vitest";
import { silentLogger } from "../../../src/lib/logger.ts";
import { nodeId } from "../../../src/model/ids.ts";
import type { ServiceRegistration } from "../../../src/model/service.ts";
import { ServiceReporter } from "../../../src/reconciler/allocations/service-reporter.ts";
import { buildRegistered } from "../../support/build-service.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { MemorySource } from "../../support/memory-source.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { uuid } from "../../support/uuid.ts";

const one = buildRegistered(1);
const wants = (...registrations: readonly ServiceRegistration[]) => ({
  wanted: registrations.map((registration) => ({ registration, isHeld: false })),
  faults: [],
});

function setUp() {
  const clock = new FakeClock();
  const source = new MemorySource();
  const withdrawn: string[] = [];
  const foreign = new Set<string>();
  const reporter = new ServiceReporter({
    clock,
    random: seededRandom(1),
    log: silentLogger,
    source,
    nodeId: nodeId(uuid(1)),
    isForeign: (id) => foreign.has(id),
    withdrawn: (id) => {
      withdrawn.push(id);
    },
  });
  return { clock, source, reporter, withdrawn, foreign };
}

test("what an allocation wants comes at once, and goes when it wants it no more", async () => {
  const { clock, source, reporter } = setUp();
  reporter.tell(one.AllocID, wants(one), false);
  await clock.advance(0);
  expect([...source.registered.values()]).toEqual([one]);
  reporter.tell(one.AllocID, wants(), false);
  await clock.advance(0);
  expect(source.registered.size).toBe(0);
  await reporter.stop();
});

test("a stop hears of it when the servers have taken the services out, not before", async () => {
  const { clock, source, reporter, withdrawn } = setUp();
  reporter.tell(one.AllocID, wants(one), false);
  await clock.advance(0);
  source.isReachable = false;
  reporter.tell(one.AllocID, wants(), true);
  await clock.advance(3_000);
  expect(withdrawn).toEqual([]);
  source.isReachable = true;
  await clock.advance(1_500);
  expect([withdrawn, source.registered.size]).toEqual([[one.AllocID], 0]);
  await reporter.stop();
});

test("what the servers lost is sent again when they say that something changed", async () => {
  const { clock, source, reporter } = setUp();
  reporter.tell(one.AllocID, wants(one), false);
  await clock.advance(0);
  await source.reportServices("", { upsert: [], remove: [{ namespace: "default", id: one.ID }] });
  await clock.advance(0);
  expect(source.registered.size).toBe(1);
  await reporter.stop();
});

test("what belongs to no allocation of this node is swept away, but nothing that is merely unknown yet", async () => {
  const { clock, source, reporter, foreign } = setUp();
  source.registered.set(one.ID, one);
  await clock.advance(60_000);
  expect(source.registered.size).toBe(1);
  foreign.add(one.AllocID);
  await clock.advance(30_000);
  expect(source.registered.size).toBe(0);
  await reporter.stop();
});

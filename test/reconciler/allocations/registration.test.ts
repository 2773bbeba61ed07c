import { expect, test } from "vitest";
import { silentLogger } from "../../../src/lib/logger.ts";
import { Registration } from "../../../src/reconciler/allocations/registration.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import { MemorySource } from "../../support/memory-source.ts";
import { testNodeOptions } from "../../support/node-facts.ts";
import { seededRandom } from "../../support/seeded-random.ts";

test("a machine is looked at again, and only a change of it is reported", async () => {
  const clock = new FakeClock();
  const source = new MemorySource();
  const { identity, config, facts } = testNodeOptions;
  let measured = { ...facts, cores: [{ id: 0, mhz: 999 }] };
  const registration = new Registration({
    clock,
    random: seededRandom(1),
    log: silentLogger,
    source,
    drivers: new Map(),
    identity,
    facts,
    measure: async () => measured,
    config: { ...config, memoryTotalMb: undefined },
  });
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      await clock.advance(1_000);
      await settle();
    }
  };
  registration.start();
  await pass(130_000);
  expect(source.registrations.map((node) => node.NodeResources.Memory.MemoryMB)).toEqual([8192]);
  measured = { ...measured, memoryBytes: 16 * 1024 ** 3 };
  await pass(130_000);
  expect(source.registrations.map((node) => node.NodeResources.Memory.MemoryMB)).toEqual([
    8192, 16_384,
  ]);
  expect(registration.node().NodeResources.Cpu.TotalCpuCores).toBe(2);
  await registration.stop();
});

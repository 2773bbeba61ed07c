import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { createHostStats } from "../../src/node/host-stats.ts";

test("the machine's shares add up and stay within their bounds", async () => {
  const measure = createHostStats(createSystemClock(), tmpdir());
  await measure();
  const stats = await measure();
  for (const { user, system, idle, totalPercent } of stats.cpus) {
    for (const share of [user, system, idle, totalPercent]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(100);
    }
  }
  expect(stats.memory.used + stats.memory.available).toBe(stats.memory.total);
  const ticks = stats.cpus.map(({ totalPercent, totalTicks }) => totalTicks / totalPercent);
  for (const each of ticks.filter((one) => !Number.isNaN(one))) expect(each).toBeGreaterThan(0);
  expect(stats.cpuTicksConsumed).toBe(stats.cpus.reduce((sum, cpu) => sum + cpu.totalTicks, 0));
  expect(tmpdir().startsWith(stats.allocVolume.mountPoint)).toBe(true);
  expect(stats.allocDisk.size).toBeGreaterThan(stats.allocDisk.used);
});

import { afterEach, beforeEach, expect, test } from "vitest";
import type { Usage } from "../../src/model/task-usage.ts";
import { NodeBench, wantedBy } from "../support/node-bench.ts";
import { testAllocationId as id } from "../support/scripted-job.ts";

let b: NodeBench;
beforeEach(() => {
  b = new NodeBench();
});
afterEach(() => b.dispose());

const half: Usage = {
  cpuPercent: 50,
  cpuTotalTicks: 50,
  systemMode: 20,
  userMode: 30,
  throttledPeriods: 0,
  throttledTime: 0,
  memory: { rss: 1, cache: 0, swap: 0, usage: 1, maxUsage: 1 },
};

test("what a task uses is told in MHz of its node, and so is what its processes use", async () => {
  const driver = b.engine.driver();
  b.engine.driver = () => ({ ...driver, stats: async () => ({ ...half, processes: { 7: half } }) });
  const agent = await b.start();
  b.source.put(wantedBy(agent));
  await b.statusIs("running");
  const { CpuShares, TotalCpuCores } = agent.node().NodeResources.Cpu;
  const mhz = CpuShares / TotalCpuCores / 2;
  const { main } = await agent.stats(id);
  expect(main).toEqual({
    ...half,
    cpuTotalTicks: mhz,
    processes: { 7: { ...half, cpuTotalTicks: mhz } },
  });
  expect(mhz).toBeGreaterThan(0);
});

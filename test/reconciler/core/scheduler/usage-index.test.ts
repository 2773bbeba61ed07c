import { expect, test } from "vitest";
import { nodeId } from "../../../../src/model/ids.ts";
import { UsageIndex } from "../../../../src/reconciler/core/scheduler/usage-index.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";

test("the index follows each allocation from pending to gone", () => {
  const index = new UsageIndex();
  const allocation = buildAllocation();
  const cpu = (): number => index.usage(nodeId("node-1")).total.cpu;
  index.update(allocation.ID, allocation);
  index.update(allocation.ID, allocation);
  expect(cpu()).toBe(20);
  index.update(allocation.ID, { ...allocation, DesiredStatus: "stop" });
  expect(cpu()).toBe(20);
  index.update(allocation.ID, { ...allocation, ClientStatus: "complete" });
  expect(cpu()).toBe(0);
  index.update(allocation.ID, allocation);
  index.update(allocation.ID, undefined);
  expect(cpu()).toBe(0);
});

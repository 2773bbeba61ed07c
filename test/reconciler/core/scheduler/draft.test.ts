import { expect, test } from "vitest";
import { allocationId, nodeId } from "../../../../src/model/ids.ts";
import { Draft } from "../../../../src/reconciler/core/scheduler/draft.ts";
import { UsageIndex } from "../../../../src/reconciler/core/scheduler/usage-index.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";

test("a draft changes its own copy and leaves the present alone", () => {
  const index = new UsageIndex();
  const old = buildAllocation();
  index.update(old.ID, old);
  const draft = new Draft((node) => index.usage(node));
  const node = nodeId("node-1");
  draft.stop(old);
  draft.add(buildAllocation({ ID: allocationId("new"), PreviousAllocation: old.ID }));
  expect(draft.usage(node).total.cpu).toBe(20);
  expect(index.usage(node).get(old.ID)?.isStopping).toBe(false);
  draft.undoStop(old);
  expect(draft.usage(node).total.cpu).toBe(40);
  draft.forget(node, old.ID);
  expect(draft.usage(node).total.cpu).toBe(20);
  expect(draft.touchedNodes()).toEqual([node]);
});

import { afterEach, beforeEach, expect, test } from "vitest";
import type { StrayRules } from "../../src/drivers/port.ts";
import { NodeBench, wantedBy } from "../support/node-bench.ts";

let b: NodeBench;
beforeEach(() => {
  b = new NodeBench();
});
afterEach(() => b.dispose());

const rules: StrayRules = {
  isEnabled: true,
  periodMs: undefined,
  graceMs: undefined,
  isDryRun: false,
};

/** A running task that belongs to nothing, before an agent that has these rules. */
async function strayUnder(strays: StrayRules): Promise<void> {
  b.engine.strays = strays;
  const first = await b.start();
  b.source.put(wantedBy(first));
  await b.statusIs("running");
  await b.stop(first);
  b.forgetMemory();
  b.source.desired.clear();
  await b.start();
}

test("strays are left alone where the operator switched their removal off", async () => {
  await strayUnder({ ...rules, isEnabled: false });
  for (let passed = 0; passed < 10; passed++) await b.pass(60_000);
  expect(b.engine.calls).toEqual(["start main#0"]);
});

test("a dry run names strays and leaves them alone", async () => {
  await strayUnder({ ...rules, isDryRun: true });
  await b.until("named", () => b.logLines.some((line) => line.includes("dry_run is on")), 20_000);
  for (let passed = 0; passed < 5; passed++) await b.pass(60_000);
  expect(b.engine.calls).toEqual(["start main#0"]);
});

test("the operator's grace and period count instead of the node's own", async () => {
  await strayUnder({ ...rules, graceMs: 600_000, periodMs: 120_000 });
  for (let passed = 0; passed < 9; passed++) await b.pass(60_000);
  expect(b.engine.calls).toEqual(["start main#0"]);
  await b.until("removed", () => b.engine.tasks.size === 0, 60_000);
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLogger } from "../../../src/lib/logger.ts";
import { AllocationDirectories } from "../../../src/node/alloc-directory.ts";
import { describeNode } from "../../../src/node/fingerprint.ts";
import { TemplateFollowers } from "../../../src/reconciler/allocations/task-templates.ts";
import { firstRecord } from "../../../src/reconciler/core/node/records.ts";
import type { Outcome } from "../../../src/reconciler/core/node/types.ts";
import { buildTemplate } from "../../support/build-template.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { testNodeOptions } from "../../support/node-facts.ts";
import { ScriptedEngine } from "../../support/scripted-driver.ts";
import { buildDesired, scriptedGroup, scriptedJob } from "../../support/scripted-job.ts";
import { scriptedTask, testNodeId } from "../../support/scripted-job.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { until } from "../../support/until.ts";
import { VariableTable } from "../../support/variable-table.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "followers-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test("a task whose templates failed is followed again by its next attempt", async () => {
  const broken = buildTemplate({ EmbeddedTmpl: "{{ nope }}", DestPath: "local/x" });
  const task = scriptedTask({ Templates: [broken] });
  const group = scriptedGroup({ Tasks: [task] });
  const desired = buildDesired(scriptedJob({ TaskGroups: [group] }));
  const directories = new AllocationDirectories(root);
  const paths = await directories.build(desired.allocation.ID, task.Name);
  const told: Outcome[] = [];
  const followers = new TemplateFollowers({
    clock: new FakeClock(),
    random: seededRandom(1),
    log: silentLogger,
    sources: new VariableTable().sources,
    parseYaml: undefined,
    thread: undefined,
    tell: (_id, outcome) => void told.push(outcome),
    handleOf: () => undefined,
  });
  const fresh = firstRecord(desired.allocation, group, [], 0);
  const record = {
    ...fresh,
    tasks: Object.fromEntries(
      Object.entries(fresh.tasks).map(([name, one]) => [
        name,
        { ...one, phase: "running" as const },
      ]),
    ),
  };
  const inputOf = () => ({
    desired,
    task,
    driver: new ScriptedEngine().driver(),
    owner: { cluster: "test", nodeId: testNodeId },
    node: describeNode(testNodeOptions),
    region: "global",
    hostEnv: {},
    attempt: 0,
    paths,
    network: undefined,
  });
  for (const count of [1, 2]) {
    followers.sync(desired, record, inputOf);
    await until("the failure", () => told.length === count);
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
  expect(told.map(({ kind }) => kind)).toEqual(["templates-failed", "templates-failed"]);
  await followers.stop();
});

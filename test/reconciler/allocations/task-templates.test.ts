import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "../../../src/lib/errors.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { AllocationDirectories } from "../../../src/node/alloc-directory.ts";
import { describeNode } from "../../../src/node/fingerprint.ts";
import { doTemplateWork } from "../../../src/node/template-work.ts";
import type { TemplateThread } from "../../../src/node/template-work.ts";
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

/** A task that runs already, with one template. */
async function running(text: string, thread?: TemplateThread) {
  const template = buildTemplate({ EmbeddedTmpl: text, DestPath: "local/x" });
  const task = scriptedTask({ Templates: [template] });
  const group = scriptedGroup({ Tasks: [task] });
  const desired = buildDesired(scriptedJob({ TaskGroups: [group] }));
  const directories = new AllocationDirectories(root);
  const paths = await directories.build(desired.allocation.ID, task.Name);
  const told: Outcome[] = [];
  const clock = new FakeClock();
  const followers = new TemplateFollowers({
    clock,
    random: seededRandom(1),
    log: silentLogger,
    sources: new VariableTable().sources,
    parseYaml: undefined,
    thread,
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
  return { follow: () => followers.sync(desired, record, inputOf), followers, told, clock, paths };
}

test("a task whose templates failed is followed again by its next attempt", async () => {
  const { follow, followers, told } = await running("{{ nope }}");
  for (const count of [1, 2]) {
    follow();
    await until("the failure", () => told.length === count);
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
  expect(told.map(({ kind }) => kind)).toEqual(["templates-failed", "templates-failed"]);
  await followers.stop();
});

test("a task that runs is not ended because its first rendering by a new agent is lost", async () => {
  let asked = 0;
  const thread: TemplateThread = {
    render: (work) => {
      asked++;
      if (asked === 1) return Promise.reject(new AppError("unavailable", "it cannot start"));
      return Promise.resolve(doTemplateWork(work, undefined));
    },
  };
  const long = '{{ len (toJSON (sprig_repeat 90000 "x")) }}';
  const { follow, followers, told, clock, paths } = await running(long, thread);
  follow();
  await until("the first try", () => asked === 1 && clock.pendingTimers() > 0);
  await clock.advance(15_000);
  await until("the file", () => existsSync(join(paths.local, "x")));
  expect(told.filter(({ kind }) => kind === "templates-failed")).toEqual([]);
  await followers.stop();
});

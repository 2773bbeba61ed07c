import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Failpoint } from "../../src/lib/failpoint.ts";
import { buildNetwork } from "../support/build-job.ts";
import { scriptedGroup, scriptedJob, testAllocationId as id } from "../support/scripted-job.ts";
import { NodeBench, wantedBy } from "../support/node-bench.ts";
import { until } from "../support/until.ts";

/** From the chosen moment on the agent can do nothing any more, as if it had been killed there. */
function killAt(name: string, count: number): { readonly failpoint: Failpoint; isDead(): boolean } {
  let [seen, isDead] = [0, false];
  return {
    isDead: () => isDead,
    failpoint: (reached) => {
      if (reached === name) seen++;
      if (seen >= count) isDead = true;
      if (isDead) throw new Error(`killed at ${name} #${count}`);
    },
  };
}

let b: NodeBench;
beforeEach(() => {
  b = new NodeBench();
});
afterEach(() => b.dispose());

const moments = [
  ["record:before", 1],
  ["record:after", 1],
  ["network:before", 1],
  ["network:after", 1],
  ["start:before", 1],
  ["start:after", 1],
  ["record:before", 3],
  ["record:after", 3],
  ["log-position:before", 1],
  ["log-position:after", 1],
  ["remove:before", 1],
  ["remove:after", 1],
  ["start:before", 2],
  ["start:after", 2],
  ["stop:before", 1],
  ["stop:after", 1],
  ["remove:before", 2],
  ["remove:after", 2],
  ["network-remove:before", 1],
  ["network-remove:after", 1],
] as const;
const job = scriptedJob({
  TaskGroups: [scriptedGroup({ Networks: [buildNetwork({ Mode: "bridge" })] })],
});

test.each(moments)(
  "an agent killed at %s (%i) is continued: one task at a time, every line once, nothing left",
  async (name, count) => {
    const { engine, source } = b;
    const log = join(b.directory, "alloc", id, "alloc", "logs", "main.stdout.0");
    const killer = killAt(name, count);
    const first = await b.start(killer.failpoint);
    let isReplaced = false;
    const step = async (what: string, look: () => boolean): Promise<void> => {
      await until(what, async () => {
        await b.pass(100);
        if (killer.isDead() && !isReplaced) {
          isReplaced = true;
          // Its last breath still writes nothing: every write passes a failpoint first.
          await b.stop(first);
          await b.start();
        }
        expect(engine.running().length).toBeLessThanOrEqual(1);
        return look();
      });
    };
    const desired = wantedBy(first, job);
    source.put(desired);
    await step("first start", () => engine.running().includes("main#0"));
    engine.print("main", "one\n");
    await step("first line", () => readLog(log) === "one\n");
    engine.exit("main", { code: 1 });
    await step("second start", () => engine.running().includes("main#1"));
    engine.print("main", "two\n");
    await step("second line", () => readLog(log) === "one\ntwo\n");
    source.put({ ...desired, allocation: { ...desired.allocation, DesiredStatus: "stop" } });
    await step("stopped", () => source.last(id)?.clientStatus === "complete");
    await step("removed", () => engine.tasks.size + engine.networks.made.size === 0);
    await step("the end", () => killer.isDead());
    expect(engine.calls.filter((call) => call === "make network")).toEqual(["make network"]);
    expect(killer.isDead()).toBe(true);
    expect(engine.calls.filter((call) => call.startsWith("start"))).toEqual([
      "start main#0",
      "start main#1",
    ]);
    expect(source.last(id)?.taskStates["main"]?.Restarts).toBe(1);
  },
);

function readLog(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

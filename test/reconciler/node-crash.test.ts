import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Failpoint } from "../../src/lib/failpoint.ts";
import { noFailpoint } from "../../src/lib/failpoint.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { nodeId } from "../../src/model/ids.ts";
import { startNodeAgent } from "../../src/reconciler/node-agent.ts";
import type { NodeAgent } from "../../src/reconciler/node-agent.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { MemorySource } from "../support/memory-source.ts";
import { buildDesired, testAllocationId as id, testNodeConfig } from "../support/node-builders.ts";
import { ScriptedEngine } from "../support/scripted-driver.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { until } from "../support/until.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

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

interface Machine {
  readonly clock: FakeClock;
  readonly engine: ScriptedEngine;
  readonly source: MemorySource;
  readonly log: string;
  start(failpoint: Failpoint): Promise<NodeAgent>;
}
function machine(): Machine {
  const directory = mkdtempSync(join(tmpdir(), "node-crash-"));
  cleanups.push(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const [clock, engine, source] = [new FakeClock(), new ScriptedEngine(), new MemorySource()];
  const random = seededRandom(3);
  return {
    clock,
    engine,
    source,
    log: join(directory, "alloc", id, "alloc", "logs", "main.stdout.0"),
    async start(failpoint) {
      const agent = await startNodeAgent({
        clock,
        random,
        source,
        failpoint,
        log: silentLogger,
        drivers: [engine.driver()],
        dataDir: join(directory, "client"),
        allocDir: join(directory, "alloc"),
        nodeConfig: testNodeConfig,
        clusterId: "test",
        hostEnv: {},
      });
      cleanups.push(() => agent.stop({ destroyAll: false }));
      return agent;
    },
  };
}

const moments = [
  ["record:before", 1],
  ["record:after", 1],
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
] as const;

test.each(moments)(
  "an agent killed at %s (%i) is continued: one task at a time, every line once, nothing left",
  async (name, count) => {
    const m = machine();
    const { clock, engine, source } = m;
    const killer = killAt(name, count);
    const first = await m.start(killer.failpoint);
    let agent = first;
    const step = async (what: string, look: () => boolean): Promise<void> => {
      await until(what, async () => {
        await clock.advance(100);
        await settle();
        if (killer.isDead() && agent === first) {
          // Its last breath still writes nothing: every write passes a failpoint first.
          await first.stop({ destroyAll: false }).catch(() => undefined);
          agent = await m.start(noFailpoint);
        }
        expect(engine.running().length).toBeLessThanOrEqual(1);
        return look();
      });
    };
    const desired = buildDesired(undefined, { NodeID: nodeId(first.nodeId) });
    source.put(desired);
    await step("first start", () => engine.running().includes("main#0"));
    engine.print("main", "one\n");
    await step("first line", () => readLog(m.log) === "one\n");
    engine.exit("main", { code: 1 });
    await step("second start", () => engine.running().includes("main#1"));
    engine.print("main", "two\n");
    await step("second line", () => readLog(m.log) === "one\ntwo\n");
    source.put({ ...desired, allocation: { ...desired.allocation, DesiredStatus: "stop" } });
    await step("stopped", () => source.last(id)?.clientStatus === "complete");
    await step("removed", () => engine.tasks.size === 0);
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

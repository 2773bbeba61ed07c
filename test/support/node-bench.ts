import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noFailpoint } from "../../src/lib/failpoint.ts";
import type { Failpoint } from "../../src/lib/failpoint.ts";
import { createLogger } from "../../src/lib/system/logger.ts";
import { nodeId } from "../../src/model/ids.ts";
import type { Allocation } from "../../src/model/allocation.ts";
import type { Job } from "../../src/model/job.ts";
import type { DevicePlugin } from "../../src/node/devices.ts";
import { startNodeAgent } from "../../src/reconciler/node-agent.ts";
import type { CollectionSettings, NodeAgent } from "../../src/reconciler/node-agent.ts";
import type { DesiredAllocation } from "../../src/reconciler/ports.ts";
import { FakeClock, settle } from "./fake-clock.ts";
import { MemorySource } from "./memory-source.ts";
import { buildDesired, scriptedJob, testAllocationId } from "./scripted-job.ts";
import { testNodeConfig } from "./node-facts.ts";
import { ScriptedEngine } from "./scripted-driver.ts";
import { seededRandom } from "./seeded-random.ts";
import { VariableTable } from "./variable-table.ts";
import { until } from "./until.ts";

/** One machine with a scripted engine and servers in memory; agents come and go on it. */
export class NodeBench {
  readonly clock = new FakeClock();
  readonly engine = new ScriptedEngine();
  readonly source = new MemorySource();
  /** What templates find on the servers: variables by path, and nothing else. */
  readonly variables = new VariableTable();
  readonly directory = mkdtempSync(join(tmpdir(), "node-bench-"));
  /** What the agents said at INFO and above, one line each. */
  readonly logLines: string[] = [];
  readonly #log = createLogger({
    level: "info",
    json: false,
    sinks: [{ write: (line) => void this.logLines.push(line) }],
  });
  readonly #random = seededRandom(7);
  /** When files of ended allocations go; by default they stay. */
  collection: CollectionSettings | undefined;
  /** What knows of devices; by default there are none. */
  devicePlugins: readonly DevicePlugin[] = [];
  readonly #agents: NodeAgent[] = [];

  async start(failpoint: Failpoint = noFailpoint): Promise<NodeAgent> {
    const agent = await startNodeAgent({
      clock: this.clock,
      random: this.#random,
      source: this.source,
      failpoint,
      log: this.#log,
      drivers: [this.engine.driver()],
      dataDir: join(this.directory, "client"),
      allocDir: join(this.directory, "alloc"),
      nodeConfig: testNodeConfig,
      clusterId: "test",
      hostEnv: {},
      templateSources: this.variables.sources,
      devicePlugins: this.devicePlugins,
      ...(this.collection ? { collection: this.collection } : {}),
    });
    this.#agents.push(agent);
    return agent;
  }

  async stop(agent: NodeAgent, options = { destroyAll: false }): Promise<void> {
    const at = this.#agents.indexOf(agent);
    if (at < 0) return;
    this.#agents.splice(at, 1);
    await agent.stop(options);
  }

  async dispose(): Promise<void> {
    for (const agent of this.#agents.slice()) await this.stop(agent);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Takes the node's memory away, but not its name. */
  forgetMemory(): void {
    for (const name of ["node.db", "node.db-wal", "node.db-shm"])
      rmSync(join(this.directory, "client", name), { force: true });
  }

  /** Waits for real work (files, promises), then for `ms` of the fake clock. */
  async pass(ms = 0): Promise<void> {
    await this.clock.advance(ms);
    await settle();
  }

  /** Passes time in steps until `look` holds. */
  async until(what: string, look: () => boolean, stepMs = 50): Promise<void> {
    await until(what, async () => {
      await this.pass(stepMs);
      return look();
    });
  }

  statusIs(status: string): Promise<void> {
    return this.until(
      `status ${status}`,
      () => this.source.last(testAllocationId)?.clientStatus === status,
    );
  }

  eventTypes(task = "main"): readonly string[] {
    const states = this.source.last(testAllocationId)?.taskStates;
    return states?.[task]?.Events.map((event) => event.Type) ?? [];
  }
}

/** An allocation that belongs to this agent. */
export function wantedBy(
  agent: NodeAgent,
  job: Job = scriptedJob(),
  overrides: Partial<Allocation> = {},
): DesiredAllocation {
  return buildDesired(job, { NodeID: nodeId(agent.nodeId), ...overrides });
}

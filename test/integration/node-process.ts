import { createInterface } from "node:readline";
import { silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { systemRandom } from "../../src/lib/system/random.ts";
import { createDockerDriver, defaultDockerConfig } from "../../src/drivers/docker.ts";
import { startNodeAgent } from "../../src/reconciler/node-agent.ts";
import type { DesiredAllocation } from "../../src/reconciler/ports.ts";
import { MemorySource } from "../support/memory-source.ts";
import { testNodeConfig } from "../support/node-facts.ts";

/**
 * A node in a process of its own, to be killed: wanted allocations come as lines of JSON, reports go out as such.
 * KILL_AT=name:count ends it by SIGKILL at that failpoint.
 */
const [directory = "", clusterId = ""] = process.argv.slice(2);
const [killName = "", killCount = "0"] = (process.env["KILL_AT"] ?? "").split(":");
let left = Number(killCount);
const clock = createSystemClock();
const source = new MemorySource();
const say = (kind: string, body: unknown): boolean =>
  process.stdout.write(`${JSON.stringify({ kind, body })}\n`);
const tell = source.report.bind(source);
source.report = async (id, reports) => {
  await tell(id, reports);
  for (const report of reports) say("report", report);
};
const agent = await startNodeAgent({
  clock,
  random: systemRandom,
  log: silentLogger,
  source,
  drivers: [createDockerDriver({ clock, log: silentLogger, config: defaultDockerConfig })],
  dataDir: `${directory}/client`,
  allocDir: `${directory}/alloc`,
  nodeConfig: testNodeConfig,
  clusterId,
  hostEnv: {},
  pollMs: 1_000,
  failpoint: (name) => {
    if (name.replace(":", "-") !== killName || --left > 0) return;
    process.kill(process.pid, "SIGKILL");
    // The signal arrives at once, but not before the next instruction.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_000);
  },
});
say("node", agent.nodeId);
for await (const line of createInterface({ input: process.stdin }))
  source.put(JSON.parse(line) as DesiredAllocation);

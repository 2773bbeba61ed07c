import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type LiveAgent, type LiveAgentOptions, liveAgent } from "../../test/support/live-agent.ts";
import { until } from "../../test/support/until.ts";

export interface LoopStretches {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
/** Of the agent and every process it started, in MB. */
export interface Memory {
  /** What nothing else shares. While this bench runs, the pages of the node program are shared with it. */
  readonly ownMb: number;
  /** The same, were the agent the only node process of the machine. */
  readonly aloneMb: number;
}
/** A real agent process whose event loop and memory can be read from outside. */
export interface MeasuredAgent extends LiveAgent {
  /** The stretches of its event loop since the last call. */
  loop(): Promise<LoopStretches>;
  memory(): Memory;
  processCount(): number;
}

const probe = new URL("loop-probe.mjs", import.meta.url).href;

export async function measuredAgent(options: LiveAgentOptions): Promise<MeasuredAgent> {
  const agent = await liveAgent(options);
  const file = join(agent.dir, "loop.json");
  await agent.start({ LOOP_PROBE: file, NODE_OPTIONS: `--import=${probe}` });
  const processes = (): readonly number[] => familyOf(agent.pid());
  return Object.assign(agent, {
    async loop(): Promise<LoopStretches> {
      rmSync(file, { force: true });
      process.kill(agent.pid(), "SIGUSR2");
      return until("the stretches of the agent's event loop", () => readIfThere(file));
    },
    memory: () => ({
      ownMb: sumMb(processes(), /^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm),
      aloneMb: sumMb(processes(), /^(?:Private_(?:Clean|Dirty)|Shared_Clean):\s+(\d+) kB$/gm),
    }),
    processCount: () => processes().length,
  });
}

function readIfThere(file: string): LoopStretches | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as LoopStretches;
  } catch {
    return undefined;
  }
}

function familyOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return [pid, ...children.split(" ").filter(Boolean).map(Number).flatMap(familyOf)];
}

function sumMb(pids: readonly number[], field: RegExp): number {
  const kilobytes = pids.flatMap((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return [...text.matchAll(field)].map(([, amount]) => Number(amount));
  });
  return kilobytes.reduce((sum, amount) => sum + amount, 0) / 1024;
}

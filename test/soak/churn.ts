import { readdirSync, readlinkSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { countCollections, growth } from "./census.ts";
import type { Census } from "./census.ts";
import { ChurnWorld } from "./churn-world.ts";

export interface ChurnOutcome {
  readonly events: { readonly [name: string]: number };
  /** Everything that is there afterwards and was not before. */
  readonly left: readonly string[];
  readonly simulatedHours: number;
  readonly heapMb: readonly [before: number, after: number];
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** So many hours of one node's worst life, then peace; throws at the first moment at which an invariant is broken. */
export async function churn(
  seed: number,
  hours: number,
  tell: (line: string) => void = () => undefined,
): Promise<ChurnOutcome> {
  const counting = countCollections(collectGarbage);
  const world = new ChurnWorld(seed);
  try {
    await world.start();
    await world.pass(120_000);
    // Another agent in its place: what the first one keeps for good is there in both counts.
    const before = {
      census: counting.take(),
      timers: world.clock.pendingTimers(),
      files: openFiles(world.directory),
    };
    const heapMbBefore = heapMbNow();
    const endMs = world.clock.nowMs() + hours * 3_600_000;
    let toldMs = world.clock.nowMs();
    while (world.clock.nowMs() < endMs) {
      await world.step();
      world.check();
      if (world.clock.nowMs() - toldMs < 3_600_000) continue;
      toldMs += 3_600_000;
      await world.heal();
      tell(`${Math.round((endMs - world.clock.nowMs()) / 3_600_000)} h left`);
    }
    await world.heal();
    await world.clear();
    const leftNow = (): readonly string[] => {
      const after = {
        census: counting.take(),
        timers: world.clock.pendingTimers(),
        files: openFiles(world.directory),
      };
      return [
        ...world.left(),
        ...growth(before.census, after.census).map((line) => `entries of ${line}`),
        ...(after.timers > before.timers ? [`timers: ${before.timers} -> ${after.timers}`] : []),
        ...growth(before.files, after.files).map((line) => `descriptors of ${line}`),
      ];
    };
    let left = leftNow();
    // Deadlines of the platform's own run in real time and hold what they would end until then.
    for (let waits = 0; left.length > 0 && waits < 4; waits++) {
      await new Promise((resolve) => {
        setTimeout(resolve, 5_000);
      });
      left = leftNow();
    }
    const heapMb = [heapMbBefore, heapMbNow()] as const;
    return { events: world.counts, left, simulatedHours: hours, heapMb };
  } finally {
    await world.dispose();
    counting.stop();
  }
}

const heapMbNow = (): number => process.memoryUsage().heapUsed / 1024 / 1024;

/** By what they lead to. Files elsewhere belong to what runs the tests. */
function openFiles(directory: string): Census {
  const counts = new Map<string, number>();
  for (const name of readdirSync("/proc/self/fd")) {
    const target = targetOf(`/proc/self/fd/${name}`);
    if (target === undefined || (target.startsWith("/") && !target.startsWith(directory))) continue;
    // SQLite closes a killed agent's descriptor when the next one, in the same process here, holds no lock.
    if (target.includes("/node.db")) continue;
    const kind = target.replace(/:\[\d+\]$/, "");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    // The descriptor by which the list itself was read is closed by now.
    return undefined;
  }
}

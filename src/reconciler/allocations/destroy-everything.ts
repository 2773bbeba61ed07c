import type { Clock } from "../../lib/clock.ts";
import { sleep } from "../../lib/clock.ts";
import type { AllocationLoop } from "../allocation-loop.ts";

const destroyPatienceMs = 60_000;

/** Stops every allocation and waits until nothing of them is left. */
export async function destroyEverything(loop: AllocationLoop, clock: Clock): Promise<void> {
  loop.holdNobody();
  const entries = [...loop.entries()];
  for (const { desired } of entries) {
    if (!desired) continue;
    const { allocation } = desired;
    const stopped = { ...allocation, DesiredStatus: "stop" } as const;
    loop.update({
      ...desired,
      allocation: { ...stopped, AllocModifyIndex: allocation.AllocModifyIndex + 1 },
    });
  }
  const endMs = clock.monotonicMs() + destroyPatienceMs;
  while (!entries.every((entry) => entry.isOver()) && clock.monotonicMs() < endMs)
    await sleep(clock, 50);
}

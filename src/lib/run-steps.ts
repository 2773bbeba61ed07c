import type { Breather } from "./breather.ts";

/** Works off small steps one after the other, and lets others have the event loop between them. */
export async function runSteps<T>(steps: Generator<unknown, T>, breather: Breather): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await breather.breathe();
  }
}

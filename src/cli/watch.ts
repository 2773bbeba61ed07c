import { sleep } from "../lib/clock.ts";
import type { Answer, Query } from "../sdk/client.ts";
import type { CommandContext } from "./command.ts";

const tooSoonMs = 50;
const pauseMs = 1_000;

/**
 * Reads a path again and again, each time waiting on the agent's side for a change. An agent that answers at once
 * without one, because it cannot wait, is not asked without a pause.
 */
export async function* watch<T>(
  context: CommandContext,
  path: string,
  options: { readonly query: Query; readonly wait: string; readonly signal?: AbortSignal },
): AsyncGenerator<Answer<T> & { readonly changed: boolean }> {
  const { clock } = context.ports;
  let index = 0;
  for (;;) {
    const startedMs = clock.monotonicMs();
    const query = { ...options.query, wait: options.wait, ...(index > 0 ? { index } : {}) };
    const answer = await context.client.get<T>(path, query, options.signal);
    const changed = index === 0 || answer.index !== index;
    yield { ...answer, changed };
    if (!changed && clock.monotonicMs() - startedMs < tooSoonMs)
      await sleep(clock, pauseMs, options.signal);
    // Index 0 would mean "answer at once".
    index = Math.max(answer.index, 1);
  }
}

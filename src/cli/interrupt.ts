import type { CliPorts } from "./ports.ts";

/**
 * Works until it is done or a person presses Ctrl-C, which is how one ends a following and no failure. What still
 * runs at the end is called off.
 */
export async function untilInterrupted(
  ports: Pick<CliPorts, "onInterrupt">,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const abort = new AbortController();
  const forget = ports.onInterrupt(() => {
    abort.abort();
  });
  try {
    await work(abort.signal);
  } catch (thrown) {
    if (!abort.signal.aborted) throw thrown;
  } finally {
    forget();
    abort.abort();
  }
}

import { abortReasonOf } from "../../lib/abort.ts";
import type { Clock } from "../../lib/clock.ts";
import { formatDuration } from "../../lib/duration.ts";
import { failure } from "./failure.ts";

/** Ends work that takes too long as a whole, or makes no step for too long. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Something came: the wait for the next begins anew. */
  progress(): void;
  close(): void;
}

export function startDeadline(
  clock: Clock,
  limits: { readonly totalMs: number; readonly stallMs: number },
  outer: AbortSignal,
): Deadline {
  const controller = new AbortController();
  const give = (why: string, ms: number): void => {
    controller.abort(failure(`${why} ${formatDuration(ms * 1e6)}`));
  };
  const waitFor = (ms: number, call: () => void): (() => void) =>
    Number.isFinite(ms) ? clock.after(ms, call) : () => undefined;
  const onOuter = (): void => {
    controller.abort(abortReasonOf(outer));
  };
  if (outer.aborted) onOuter();
  outer.addEventListener("abort", onOuter, { once: true });
  const cancelTotal = waitFor(limits.totalMs, () => {
    give("it was not complete after", limits.totalMs);
  });
  let lastStepMs = clock.monotonicMs();
  let cancelStall = (): void => undefined;
  // One timer looks now and then: setting a new one for every piece of data would cost more than the data.
  const watch = (ms: number): void => {
    cancelStall = waitFor(ms, () => {
      const idleMs = clock.monotonicMs() - lastStepMs;
      if (idleMs >= limits.stallMs) give("nothing came for", limits.stallMs);
      else watch(limits.stallMs - idleMs);
    });
  };
  watch(limits.stallMs);
  return {
    signal: controller.signal,
    progress() {
      lastStepMs = clock.monotonicMs();
    },
    close() {
      outer.removeEventListener("abort", onOuter);
      cancelTotal();
      cancelStall();
    },
  };
}

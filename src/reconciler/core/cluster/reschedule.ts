import { parseInstant } from "../../../lib/instant.ts";
import type { Allocation } from "../../../model/allocation.ts";
import type { Nanoseconds, ReschedulePolicy } from "../../../model/job.ts";

export type RescheduleVerdict =
  | { readonly kind: "never" }
  | { readonly kind: "at"; readonly atNs: Nanoseconds; readonly delay: Nanoseconds };

/** When may this failed allocation be replaced by a new one? Depends on the policy and on what was tried before. */
export function rescheduleVerdict(
  allocation: Allocation,
  policy: ReschedulePolicy | null,
): RescheduleVerdict {
  if (!isRescheduleEnabled(policy)) return { kind: "never" };
  const failedAt = failTime(allocation);
  const delay = nextDelay(allocation, policy, failedAt);
  const at: RescheduleVerdict = { kind: "at", atNs: failedAt + delay, delay };
  if (policy.Unlimited) return at;
  const events = allocation.RescheduleTracker?.Events ?? [];
  const recent = events.filter((event) => event.RescheduleTime > failedAt - policy.Interval);
  return recent.length < policy.Attempts ? at : { kind: "never" };
}

export const isRescheduleEnabled = (policy: ReschedulePolicy | null): policy is ReschedulePolicy =>
  policy !== null && (policy.Unlimited || (policy.Attempts > 0 && policy.Interval > 0));

/** The last end of any of its tasks; without tasks, the last change that we know of. */
export function failTime(allocation: Allocation): Nanoseconds {
  let last = 0;
  for (const state of Object.values(allocation.TaskStates ?? {}))
    if (state.FinishedAt !== null) last = Math.max(last, parseInstant(state.FinishedAt) ?? 0);
  return last > 0 ? last : allocation.ModifyTime;
}

function nextDelay(
  allocation: Allocation,
  policy: ReschedulePolicy,
  failedAt: Nanoseconds,
): Nanoseconds {
  const events = allocation.RescheduleTracker?.Events ?? [];
  const last = events.at(-1);
  if (!last || policy.DelayFunction === "constant") return policy.Delay;
  const grown = policy.DelayFunction === "fibonacci" ? fibonacci(events) : last.Delay * 2;
  const delay = policy.MaxDelay > 0 ? Math.min(grown, policy.MaxDelay) : grown;
  // An allocation that then lived for longer than the ceiling starts again from the first delay.
  const livedNs = failedAt - last.RescheduleTime;
  return delay === policy.MaxDelay && livedNs > delay ? policy.Delay : delay;
}

function fibonacci(events: readonly { readonly Delay: Nanoseconds }[]): Nanoseconds {
  const last = events.at(-1)?.Delay ?? 0;
  const before = events.at(-2)?.Delay;
  // A growing sequence that starts again after a reset must not add the ceiling to the first delay.
  return before === undefined || before > last ? last : last + before;
}

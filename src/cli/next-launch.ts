import type { JobBody } from "../jobspec/job-body.ts";
import type { PlanAnswer } from "../sdk/wire.ts";
import type { CommandContext } from "./command.ts";
import { formatDuration } from "../lib/duration.ts";
import { instantMs } from "./core/values.ts";
import { jobPath } from "./resolve-job.ts";

/**
 * When a periodic job runs next, as the scheduler answers it: planning the unchanged job says so and changes nothing.
 * Empty when it never runs again.
 */
export async function nextLaunch(context: CommandContext, job: JobBody): Promise<string> {
  const { value } = await context.client.put<PlanAnswer>(`${jobPath(job.ID ?? "")}/plan`, {
    // The server stamps its own time; a stored one is only in the way.
    Job: { ...job, SubmitTime: 0 },
    Diff: false,
  });
  return launchText(context, value.NextPeriodicLaunch);
}

/** `2026-01-01T00:00:00Z (5m3s from now)` */
export function launchText(context: CommandContext, instant: string | null | undefined): string {
  const at = instantMs(instant);
  if (at === undefined) return "";
  const seconds = Math.round((at - context.ports.clock.nowMs()) / 1000);
  return `${context.time.absolute(at)} (${formatDuration(seconds * 1e9)} from now)`;
}

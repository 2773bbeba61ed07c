import type { JobBody } from "../jobspec/job-body.ts";
import { nextOf } from "../model/periodic.ts";
import { CommandFailure, messageOf, type CommandContext } from "./command.ts";
import { formatDuration } from "../lib/duration.ts";
import { instantMs } from "./core/values.ts";

/** When a periodic job runs next, by its own schedule and this machine's clock; empty when it never runs again. */
export function nextLaunch(context: CommandContext, { Periodic: periodic }: JobBody): string {
  try {
    const schedule = {
      Spec: periodic?.Spec ?? "",
      Specs: periodic?.Specs ?? [],
      TimeZone: periodic?.TimeZone ?? "",
    };
    return atText(context, nextOf(schedule, context.ports.clock.nowMs()));
  } catch (thrown) {
    const text = `Error determining next launch time: ${messageOf(thrown)}`;
    throw new CommandFailure(text, undefined, thrown);
  }
}

/** `2026-01-01T00:00:00Z (5m3s from now)` */
export const launchText = (context: CommandContext, instant: string | null | undefined): string =>
  atText(context, instantMs(instant));

function atText(context: CommandContext, at: number | undefined): string {
  if (at === undefined) return "";
  const seconds = Math.round((at - context.ports.clock.nowMs()) / 1000);
  return `${context.time.absolute(at)} (${formatDuration(seconds * 1e9)} from now)`;
}

import { nextCronMs, zoneOffset } from "../lib/cron-next.ts";
import type { Job, PeriodicConfig } from "./job.ts";

/** When a periodic job is launched next; undefined when it is no such job, is stopped or switched off, or never is. */
export function nextLaunchMs(
  job: Pick<Job, "Periodic" | "ParameterizedJob" | "Stop">,
  afterMs: number,
): number | undefined {
  const { Periodic: periodic } = job;
  if (periodic === null || !periodic.Enabled || job.Stop || job.ParameterizedJob !== null)
    return undefined;
  return nextOf(periodic, afterMs);
}

/** What the schedule alone says. */
export const nextOf = (
  { Spec, Specs, TimeZone }: Pick<PeriodicConfig, "Spec" | "Specs" | "TimeZone">,
  afterMs: number,
): number | undefined =>
  nextCronMs(Spec === "" ? (Specs ?? []) : [Spec, ...(Specs ?? [])], TimeZone, afterMs);

/** A launch as the wire writes it: on the clock of the job's time zone. */
export function launchInstant(atMs: number, zone: string): string {
  const minutes = Math.round(zoneOffset(zone)(atMs) / 60_000);
  const wall = new Date(atMs + minutes * 60_000).toISOString().slice(0, 19);
  if (minutes === 0) return `${wall}Z`;
  const two = (number: number): string => String(number).padStart(2, "0");
  const ahead = Math.abs(minutes);
  return `${wall}${minutes < 0 ? "-" : "+"}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}

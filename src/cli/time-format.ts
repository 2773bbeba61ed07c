import { formatRelative, formatTime, instantMs } from "./core/values.ts";
import type { CliPorts } from "./ports.ts";

/** Instants as people read them, in the machine's zone. Zero instants give empty text. */
export interface TimeFormat {
  readonly now: () => string;
  absolute(ms: number | undefined): string;
  relative(ms: number | undefined): string;
  /** Absolute when verbose, `5s ago` otherwise. */
  either(ms: number | undefined, verbose: boolean): string;
  /** Of the wire's RFC 3339 text. */
  text(instant: string | null | undefined): string;
}

export const msOfNs = (ns: number | undefined): number | undefined =>
  ns === undefined || ns <= 0 ? undefined : Math.floor(ns / 1e6);

export function createTimeFormat(ports: Pick<CliPorts, "clock" | "zoneOffset">): TimeFormat {
  const absolute = (ms: number | undefined): string =>
    formatTime(ms, ms === undefined ? 0 : ports.zoneOffset(ms));
  const relative = (ms: number | undefined): string =>
    ms === undefined ? "" : formatRelative(ms, ports.clock.nowMs());
  return {
    now: () => absolute(ports.clock.nowMs()),
    absolute,
    relative,
    either: (ms, verbose) => (verbose ? absolute(ms) : relative(ms)),
    text: (instant) => absolute(instantMs(instant)),
  };
}

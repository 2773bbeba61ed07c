import { type Clock, sleep } from "../../lib/clock.ts";
import type { LogChunk } from "../port.ts";
import { type Behaviour, printedBy, type Printing, printingTime } from "./core/behaviour.ts";

/** The life of a pretended process as it stands now; `endMs` may come closer while it runs. */
export interface Life {
  readonly behaviour: Behaviour;
  readonly startedAtMs: number;
  readonly endMs: number;
}

const longestLookMs = 1_000;

/**
 * What it prints, each time when it is due. The cursor is how often each text came. `life` is asked again at each
 * step: a process that is killed prints no more, and one that is forgotten ends its output.
 */
export async function* printed(
  clock: Clock,
  life: () => Life | undefined,
  cursor: string | null,
  signal: AbortSignal,
): AsyncGenerator<LogChunk> {
  const [stdout = 0, stderr = 0] = (cursor ?? "").split(" ").map(Number);
  const times = { stdout, stderr };
  for (;;) {
    const now = life();
    if (now === undefined) return;
    const elapsed = Math.min(clock.nowMs(), now.endMs) - now.startedAtMs;
    for (const stream of ["stdout", "stderr"] as const) {
      const printing = now.behaviour[stream];
      for (const due = printedBy(printing, elapsed); times[stream] < due;) {
        times[stream] += 1;
        const data = Buffer.from(printing.text);
        yield { stream, data, cursor: `${times.stdout} ${times.stderr}` };
        if (signal.aborted) return;
      }
    }
    if (signal.aborted || clock.nowMs() >= now.endMs) return;
    // A signal that is aborted meanwhile is the reader's way to leave.
    await sleep(clock, waitMs(now, times, elapsed), signal).catch(() => undefined);
  }
}

function waitMs(
  life: Life,
  times: { readonly stdout: number; readonly stderr: number },
  elapsedMs: number,
): number {
  const next = (printing: Printing, time: number): number =>
    (printingTime(printing, time) ?? Infinity) - elapsedMs;
  return Math.max(
    1,
    Math.min(
      longestLookMs,
      next(life.behaviour.stdout, times.stdout),
      next(life.behaviour.stderr, times.stderr),
      life.endMs - life.startedAtMs - elapsedMs,
    ),
  );
}

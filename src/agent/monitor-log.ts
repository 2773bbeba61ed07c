import type { MonitorOptions } from "../api/context.ts";
import type { LogLevel, RootLogger } from "../lib/system/logger.ts";

/** A slow reader loses lines rather than filling the agent's memory; it is told how many. */
const mostWaiting = 512;

/** Log lines from now on, until the reader leaves. */
export async function* monitorLog(log: RootLogger, options: MonitorOptions): AsyncIterable<string> {
  const { signal, json } = options;
  const waiting: string[] = [];
  let dropped = 0;
  let wake: () => void = () => undefined;
  const stop = log.tap(levelOf(options.level), (record) => {
    if (waiting.length >= mostWaiting) dropped += 1;
    else waiting.push(`${json ? record.json : record.text}\n`);
    wake();
  });
  const onAbort = (): void => {
    wake();
  };
  signal.addEventListener("abort", onAbort);
  try {
    while (!signal.aborted) {
      for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) yield line;
      if (dropped > 0) {
        yield `[WARN] monitor: ${dropped} lines were dropped, the reader is too slow\n`;
        dropped = 0;
      }
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (waiting.length > 0) resolve();
      });
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    stop();
  }
}

function levelOf(text: string): LogLevel {
  const level = text.toLowerCase();
  return level === "trace" || level === "debug" || level === "warn" || level === "error"
    ? level
    : "info";
}

import { sleep } from "../lib/clock.ts";
import { formatDuration, parseDuration } from "../lib/duration.ts";
import { CommandFailure, type CommandContext } from "./command.ts";
import { confirm } from "./confirm.ts";

/** Nanoseconds between batches, or that somebody decides. */
export function readBatchWait(context: CommandContext, text: string): number | "ask" {
  if (text === "ask") {
    if (context.ui.interactive) return "ask";
    throw new CommandFailure(
      'Invalid -batch-wait value "ask": "ask" cannot be used when terminal is not interactive',
    );
  }
  const wait = parseDuration(text);
  if (wait === undefined || wait < 0)
    throw new CommandFailure(
      `Invalid -batch-wait value ${JSON.stringify(text)}: a duration or "ask" is expected`,
    );
  return wait;
}

/** False when the user has seen enough. */
export async function goOnToNextBatch(
  context: CommandContext,
  wait: number | "ask",
): Promise<boolean> {
  if (wait === "ask") return said(context, "Proceed with the next batch? [y/N]");
  if (wait === 0) return true;
  context.ui.info(
    `==> ${context.time.now()}: Waiting ${formatDuration(wait)} before restarting the next batch`,
  );
  await sleep(context.ports.clock, wait / 1e6);
  return true;
}

export function goOnAfterFailure(
  context: CommandContext,
  failures: readonly string[],
): Promise<boolean> {
  for (const failure of failures) context.ui.error(failure);
  return said(context, "Ignore the error and go on? [y/N]");
}

const said = async (context: CommandContext, question: string): Promise<boolean> =>
  (await confirm(context, question, "Job restart stopped")) === undefined;

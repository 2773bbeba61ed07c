import type { JsonObject } from "../../../lib/json.ts";
import { optionNumber, optionText } from "../../core/option-table.ts";

/** A pretended process: what it prints when, and how it ends. Times are milliseconds since its start. */
export interface Behaviour {
  readonly runMs: number;
  readonly exitCode: number;
  readonly exitSignal: number;
  readonly exitMessage: string;
  readonly stdout: Printing;
  readonly stderr: Printing;
}
export interface Printing {
  readonly text: string;
  /** How often the text comes again after the first time. */
  readonly repeat: number;
  readonly everyMs: number;
}

export function behaviourOf(options: JsonObject): Behaviour {
  const ms = (name: string): number => Math.max(0, (optionNumber(options, name) ?? 0) / 1e6);
  const printing = (stream: string): Printing => ({
    text: optionText(options, `${stream}_string`),
    repeat: Math.max(0, optionNumber(options, `${stream}_repeat`) ?? 0),
    everyMs: ms(`${stream}_repeat_duration`),
  });
  return {
    runMs: ms("run_for"),
    exitCode: optionNumber(options, "exit_code") ?? 0,
    exitSignal: optionNumber(options, "exit_signal") ?? 0,
    exitMessage: optionText(options, "exit_err_msg"),
    stdout: printing("stdout"),
    stderr: printing("stderr"),
  };
}

/** How often the text was printed by then. */
export function printedBy({ text, repeat, everyMs }: Printing, elapsedMs: number): number {
  if (text === "" || elapsedMs < 0) return 0;
  return 1 + (everyMs === 0 ? repeat : Math.min(repeat, Math.floor(elapsedMs / everyMs)));
}

/** When it is printed for this time, from 0 on; undefined when it is not. */
export function printingTime(
  { text, repeat, everyMs }: Printing,
  time: number,
): number | undefined {
  return text === "" || time > repeat ? undefined : time * everyMs;
}

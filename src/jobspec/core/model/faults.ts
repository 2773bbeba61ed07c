import type { Nanoseconds } from "../../../model/job.ts";
import { formatDuration } from "../../../lib/duration.ts";

/** How several errors and several warnings become one text on the wire. */
export function multiErrorText(errors: readonly string[]): string {
  const head = errors.length === 1 ? "1 error occurred:" : `${errors.length} errors occurred:`;
  return `${head}\n\t${errors.map((error) => `* ${error}`).join("\n\t")}\n\n`;
}

export function warningsText(warnings: readonly string[]): string {
  if (warnings.length === 0) return "";
  const head = warnings.length === 1 ? "1 warning:" : `${warnings.length} warnings:`;
  return `${head}\n${warnings.map((warning) => `\n* ${warning}`).join("")}`;
}

/** One fault that holds the faults of a part; none when the part has none. */
export const nested = (prefix: string, faults: readonly string[]): string[] =>
  faults.length === 0 ? [] : [`${prefix}: ${multiErrorText(faults)}`];

/** Keeps the texts whose condition holds. Texts that cost something to make are made only then. */
export const faultsOf = (
  ...checks: readonly (readonly [broken: boolean, text: string | (() => string)])[]
): string[] =>
  checks.filter(([broken]) => broken).map(([, text]) => (typeof text === "string" ? text : text()));

export const quoted = (text: string): string => JSON.stringify(text);
export const time = (ns: Nanoseconds): string => formatDuration(ns);

/** Names used more than once, each with the places (from 1) of its first and its later use. */
export function repeated(
  names: readonly string[],
): readonly { readonly name: string; readonly first: number; readonly again: number }[] {
  const seen = new Map<string, number>();
  return names.flatMap((name, at) => {
    const first = seen.get(name);
    if (first !== undefined) return [{ name, first, again: at + 1 }];
    seen.set(name, at + 1);
    return [];
  });
}

import type { Nanoseconds } from "../../../model/job.ts";
import { formatDuration } from "../../../lib/duration.ts";
import type { JsonPath } from "../../../lib/json-path.ts";

/**
 * What a job's rules have against it. The text is what the wire tells; the path leads to what is meant: from the
 * object that a rule was given, and in the end from the job.
 */
export interface JobFault {
  readonly text: string;
  readonly path: JsonPath;
  /** The faults of a part, which `text` holds already. */
  readonly parts?: readonly JobFault[];
}

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
export const nested = (prefix: string, faults: readonly JobFault[]): JobFault[] =>
  faults.length === 0
    ? []
    : [{ text: `${prefix}: ${multiErrorText(textsOf(faults))}`, path: [], parts: faults }];

export const textsOf = (faults: readonly JobFault[]): string[] => faults.map(({ text }) => text);

/** The same faults as seen from further out. */
export const within = (path: JsonPath, faults: readonly JobFault[]): JobFault[] =>
  faults.map(({ text, path: own, parts }) => ({
    text,
    path: [...path, ...own],
    ...(parts && { parts: within(path, parts) }),
  }));

/** The faults of each item of a list, with the item's place in it. */
export const eachOf = <T>(
  key: string,
  items: readonly T[] | null,
  rule: (item: T, at: number) => readonly JobFault[],
): JobFault[] => (items ?? []).flatMap((item, at) => within([key, at], rule(item, at)));

/** One thing that may be wrong: whether it is, what to say, and the way to the value that is meant. */
export type Check = readonly [
  broken: boolean,
  text: string | (() => string),
  ...path: (string | number)[],
];

/** Keeps the faults whose condition holds. Texts that cost something to make are made only then. */
export const faultsOf = (...checks: readonly Check[]): JobFault[] =>
  checks
    .filter(([broken]) => broken)
    .map(([, text, ...path]) => ({ text: typeof text === "string" ? text : text(), path }));

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

import { assertNever } from "../../lib/errors.ts";
import type { FlagSpec, FlagTable } from "../../lib/flags.ts";
import { byText } from "./values.ts";

const width = 80;

/** The help of one command: usage, what it does, its own options, and the ones that all commands share. */
export function commandHelp(options: {
  readonly name: string;
  readonly usage: string;
  readonly description: string;
  readonly flags: FlagTable;
  readonly general: FlagTable;
}): string {
  const paragraphs = options.description.split("\n\n").map((text) => wrap(text, "  "));
  const own = flagHelp(options.flags);
  return [
    `Usage: nomad ${options.name} ${options.usage}`.trimEnd(),
    ...paragraphs,
    "General Options:",
    flagHelp(options.general),
    ...(own === "" ? [] : ["Options:", own]),
  ].join("\n\n");
}

function flagHelp(flags: FlagTable): string {
  return Object.entries(flags)
    .sort(([a], [b]) => byText(a, b))
    .map(
      ([name, spec]) => `  -${name}${valueName(spec)}\n${wrap(spec.help + preset(spec), "    ")}`,
    )
    .join("\n\n");
}

function valueName(spec: FlagSpec): string {
  switch (spec.kind) {
    case "bool":
      return spec.default ? "=<bool>" : "";
    case "text":
      return "=<text>";
    case "int":
      return "=<number>";
    case "duration":
      return "=<duration>";
    case "list":
      return "=<text> (may be repeated)";
    default:
      return assertNever(spec);
  }
}

const preset = (spec: FlagSpec): string =>
  spec.kind === "bool" && spec.default ? " On by default." : "";

/** Breaks a text at blanks so that no line is longer than a terminal. */
export function wrap(text: string, indent: string, columns = width): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (line.length > indent.length && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  return [...lines, line].join("\n");
}

export interface HelpEntry {
  readonly name: string;
  readonly summary: string;
}

/** The list of commands that `nomad` alone shows: the common ones, then the others by name. */
export function mainHelp(common: readonly HelpEntry[], others: readonly HelpEntry[]): string {
  return [
    "Usage: nomad [-version] [-help] [-autocomplete-(un)install] <command> [args]",
    "",
    "Common commands:",
    ...entryLines(common),
    "",
    "Other commands:",
    ...entryLines([...others].sort((a, b) => byText(a.name, b.name))),
  ].join("\n");
}

export const groupHelp = (name: string, summary: string, entries: readonly HelpEntry[]): string =>
  [
    `Usage: nomad ${name} <subcommand> [options] [args]`,
    "",
    wrap(summary, "  "),
    "",
    "Subcommands:",
    ...entryLines([...entries].sort((a, b) => byText(a.name, b.name))),
  ].join("\n");

function entryLines(entries: readonly HelpEntry[]): string[] {
  const longest = Math.max(0, ...entries.map((entry) => entry.name.length));
  return entries.map((entry) => `    ${entry.name.padEnd(longest)}      ${entry.summary}`);
}

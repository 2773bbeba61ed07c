import { formatPlace } from "../../lib/diagnostic.ts";
import type { Diagnostic, Position } from "../../lib/diagnostic.ts";
import type { Paint } from "./paint.ts";
import { inOrder } from "../../lib/diagnostic-order.ts";
import { createTextPlaces } from "./text-places.ts";
import type { TextPlaces } from "./text-places.ts";

/** Nobody reads more at a terminal. */
const mostShown = 50;
/** Of a longer line only the part around the fault is shown. */
const longestLine = 120;
const leftOfFault = 40;

/**
 * Faults as people read them at a terminal: what is wrong, the line with a marker under the place, and what to do.
 * `texts` holds what was read, by the names that the faults are told with.
 */
export function diagnosticsText(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  paint: Paint,
): string {
  const places = new Map([...texts].map(([name, text]) => [name, createTextPlaces(text)]));
  const shown = inOrder(diagnostics)
    .slice(0, mostShown)
    .map((one) => oneText(one, places, paint));
  const rest = diagnostics.length - shown.length;
  return [...shown, ...(rest > 0 ? [`... and ${rest} more\n`] : [])].join("\n");
}

function oneText(
  diagnostic: Diagnostic,
  places: ReadonlyMap<string, TextPlaces>,
  paint: Paint,
): string {
  const { severity, summary, detail, about } = diagnostic;
  const color = (text: string): string =>
    severity === "error" ? paint.red(text) : paint.yellow(text);
  const title = `${color(severity === "error" ? "Error:" : "Warning:")} ${paint.bold(visible(summary))}`;
  const { file, start, end } = diagnostic.start === undefined ? (about ?? {}) : diagnostic;
  const lines = [title];
  if (file !== undefined && start !== undefined) {
    lines.push(
      `  ${paint.cyan("-->")} ${visible(formatPlace({ file, start, ...(end ? { end } : {}) }))}`,
    );
    const known = places.get(file);
    if (known !== undefined) lines.push(...excerpt(known, start, end ?? start, { paint, color }));
  }
  if (detail !== "")
    lines.push(
      ...visible(detail)
        .split("\n")
        .map((line) => `  ${line}`),
    );
  return `${lines.join("\n")}\n`;
}

/** The line of the fault, and below it a marker from its start to its end or to the end of the line. */
function excerpt(
  places: TextPlaces,
  start: Position,
  end: Position,
  { paint, color }: { readonly paint: Paint; readonly color: (text: string) => string },
): readonly string[] {
  const all = places.line(start.line);
  const from = all.length > longestLine ? Math.max(0, start.column - 1 - leftOfFault) : 0;
  const cut = all.slice(from, from + longestLine);
  const characters = typeof cut === "string" ? cut.split("") : cut;
  const before = characters.slice(0, start.column - 1 - from);
  const last = end.line === start.line ? end.column - 1 - from : characters.length;
  const marked = characters.slice(before.length, Math.max(last, before.length));
  const isCutAfter = from + longestLine < all.length;
  const shown = `${from > 0 ? "…" : ""}${visible(characters.join(""))}${isCutAfter ? "…" : ""}`;
  const number = String(start.line);
  const blank = " ".repeat(number.length);
  const pad = (from > 0 ? " " : "") + before.map(blankOf).join("");
  const marker = "^".repeat(Math.max(1, marked.map(blankOf).join("").length));
  return [
    `  ${paint.cyan(`${blank} |`)}`,
    `  ${paint.cyan(`${number} |`)} ${shown.trimEnd()}`,
    `  ${paint.cyan(`${blank} |`)} ${pad}${color(marker)}`,
  ];
}

/** As wide as the character is: a tab stays one, and characters of East Asia and emoji take two cells. */
function blankOf(character: string): string {
  if (character === "\t") return "\t";
  return wide.test(character) ? "  " : " ";
}
const wide =
  /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]/u;

/** A job file comes from anywhere: it must not steer the terminal of who looks at its faults. */
const visible = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\t\n]|[\u202A-\u202E\u2066-\u2069]/gu, "\uFFFD");

import type { Expression, TemplatePart } from "./ast-types.ts";
import { Fault, FinalFault } from "./source.ts";
import type { Range } from "./source.ts";

/** Pieces of a template in the order they are written; `assembleParts` makes a tree of them. */
export type RawPart =
  | { readonly kind: "text"; readonly text: string; readonly range: Range }
  | {
      readonly kind: "marked";
      readonly content: Expression | RawDirective;
      readonly trimsLeft: boolean;
      readonly trimsRight: boolean;
      readonly range: Range;
    };
type RawDirective =
  | { readonly directive: "if"; readonly test: Expression; readonly range: Range }
  | {
      readonly directive: "for";
      readonly keyName: string | undefined;
      readonly valueName: string;
      readonly collection: Expression;
      readonly range: Range;
    }
  | { readonly directive: "else" | "endif" | "endfor"; readonly range: Range };

/** Cuts the least indent of all lines of a `<<-` heredoc. Blank lines do not count and stay as they are. */
export function dedentLines(parts: readonly RawPart[]): readonly RawPart[] {
  const startsLine = parts.map((_, at) => {
    const before = parts[at - 1];
    return before === undefined || (before.kind === "text" && before.text.endsWith("\n"));
  });
  let least = Number.POSITIVE_INFINITY;
  parts.forEach((part, at) => {
    if (startsLine[at] !== true) return;
    if (part.kind === "marked") least = 0;
    else if (!isBlankLine(part.text)) least = Math.min(least, indentOf(part.text));
  });
  return parts.map((part, at) =>
    part.kind === "text" && startsLine[at] === true
      ? { ...part, text: isBlankLine(part.text) ? part.text : part.text.slice(least) }
      : part,
  );
}

/** What the reference takes for blank, which is not quite what patterns here call so. */
const leadingBlanks = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*/;
const blank = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

function endOfText(text: string): number {
  let end = text.length;
  while (end > 0 && blank.test(text[end - 1] ?? "x")) end -= 1;
  return end;
}

const isBlankLine = (line: string): boolean =>
  line.endsWith("\n") && line.replace(leadingBlanks, "") === "";

const indentOf = (line: string): number => leadingBlanks.exec(line)?.[0].length ?? 0;

/** Cuts the blanks beside `~` marks; in a heredoc only those of the same line. */
export function trimParts(raw: readonly RawPart[]): readonly RawPart[] {
  return raw.map((part, at): RawPart => {
    if (part.kind !== "text") return part;
    const [before, after] = [raw[at - 1], raw[at + 1]];
    let { text } = part;
    if (before?.kind === "marked" && before.trimsRight) text = text.replace(leadingBlanks, "");
    if (after?.kind === "marked" && after.trimsLeft) text = text.slice(0, endOfText(text));
    return { ...part, text };
  });
}

export function assembleParts(raw: readonly RawPart[], end: Range): readonly TemplatePart[] {
  const state: Assembly = { raw, at: 0, depth: 0, end };
  const parts = readParts(state, []);
  const extra = state.raw[state.at];
  if (extra === undefined) return parts;
  throw new Fault(
    extra.range,
    "Unexpected template directive",
    "Nothing is open here to be ended.",
  );
}

interface Assembly {
  readonly raw: readonly RawPart[];
  at: number;
  depth: number;
  readonly end: Range;
}

/** Reads up to one of the ending directives, which is left for the caller. */
function readParts(state: Assembly, endings: readonly string[]): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  for (;;) {
    const part = state.raw[state.at];
    if (part === undefined) {
      if (endings.length === 0) return parts;
      throw new Fault(
        state.end,
        "Unterminated template directive",
        `The text ends before %{ ${endings.join(" } or %{ ")} }.`,
      );
    }
    if (part.kind === "text") parts.push({ ...part, text: part.text.normalize("NFC") });
    else if ("kind" in part.content)
      parts.push({ kind: "value", inner: part.content, range: part.range });
    else if (part.content.directive === "if" || part.content.directive === "for") {
      parts.push(readDirective(state, part.content, part.range));
      continue;
    } else {
      if (endings.includes(part.content.directive) || endings.length === 0) return parts;
      throw new Fault(
        part.range,
        "Unexpected template directive",
        `Expected %{ ${endings.join(" } or %{ ")} } here.`,
      );
    }
    state.at += 1;
  }
}

function readDirective(
  state: Assembly,
  open: Extract<RawDirective, { directive: "if" | "for" }>,
  range: Range,
): TemplatePart {
  state.at += 1;
  state.depth += 1;
  if (state.depth > 200)
    throw new FinalFault(open.range, "Nested too deeply", "More than 200 nested directives.");
  const part =
    open.directive === "if"
      ? readIf(state, open, range)
      : {
          kind: "for" as const,
          keyName: open.keyName,
          valueName: open.valueName,
          collection: open.collection,
          body: readParts(state, ["endfor"]),
          range,
        };
  state.at += 1;
  state.depth -= 1;
  return part;
}

function readIf(
  state: Assembly,
  open: Extract<RawDirective, { directive: "if" }>,
  range: Range,
): TemplatePart {
  const yes = readParts(state, ["else", "endif"]);
  const ending = state.raw[state.at];
  let no: readonly TemplatePart[] = [];
  if (
    ending?.kind === "marked" &&
    !("kind" in ending.content) &&
    ending.content.directive === "else"
  ) {
    state.at += 1;
    no = readParts(state, ["endif"]);
  }
  return { kind: "if", test: open.test, yes, no, range };
}

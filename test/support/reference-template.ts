import { assertNever } from "../../src/lib/errors.ts";
import type { Part, Strip, TemplateShape } from "./expression-tree.ts";

/** The parts with the blanks cut that strip marks and the indent of a `<<-` heredoc take away. */
export function layOut(shape: TemplateShape, parts: readonly Part[]): readonly Part[] {
  const split = shape === "quoted" ? parts : inLines(parts);
  const flat = flattened(split);
  const lengths = new Map<Part, string>();
  flat.forEach((piece, at) => {
    if (!("part" in piece)) return;
    let { text } = piece.part;
    const [before, after] = [flat[at - 1], flat[at + 1]];
    if (before !== undefined && "strip" in before && before.strip[1]) text = text.trimStart();
    if (after !== undefined && "strip" in after && after.strip[0]) text = text.trimEnd();
    lengths.set(piece.part, text);
  });
  if (shape === "indented") cutIndent(flat, lengths);
  return replaced(split, lengths);
}

type Piece = { readonly part: Extract<Part, { kind: "text" }> } | { readonly strip: Strip };

/** Every line of a heredoc is a text of its own. */
const inLines = (parts: readonly Part[]): readonly Part[] =>
  parts.flatMap((part): readonly Part[] => {
    switch (part.kind) {
      case "text":
        return (part.text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((text) => ({ kind: "text", text }));
      case "value":
        return [part];
      case "if":
        return [{ ...part, yes: inLines(part.yes), no: part.no && inLines(part.no) }];
      case "for":
        return [{ ...part, body: inLines(part.body) }];
      default:
        return assertNever(part);
    }
  });

const flattened = (parts: readonly Part[]): readonly Piece[] =>
  parts.flatMap((part): readonly Piece[] => {
    switch (part.kind) {
      case "text":
        return [{ part }];
      case "value":
        return [{ strip: part.strip }];
      case "if": {
        const [first, middle, last] = part.strips;
        const no = part.no === undefined ? [] : [{ strip: middle }, ...flattened(part.no)];
        return [{ strip: first }, ...flattened(part.yes), ...no, { strip: last }];
      }
      case "for":
        return [{ strip: part.strips[0] }, ...flattened(part.body), { strip: part.strips[1] }];
      default:
        return assertNever(part);
    }
  });

/** The least indent of the lines, blank ones aside, is taken off them. What strips left counts. */
function cutIndent(flat: readonly Piece[], texts: Map<Part, string>): void {
  const lines: Part[] = [];
  let least = Number.POSITIVE_INFINITY;
  let isNewLine = true;
  for (const piece of flat) {
    const text = "part" in piece ? (texts.get(piece.part) ?? "") : undefined;
    const isBlank = text !== undefined && text.endsWith("\n") && text.trim() === "";
    if (isNewLine && !isBlank) {
      least = Math.min(least, text === undefined ? 0 : text.length - text.trimStart().length);
      if ("part" in piece) lines.push(piece.part);
    }
    isNewLine = text?.endsWith("\n") === true;
  }
  for (const part of lines) texts.set(part, (texts.get(part) ?? "").slice(least));
}

const replaced = (parts: readonly Part[], texts: ReadonlyMap<Part, string>): readonly Part[] =>
  parts.map((part): Part => {
    switch (part.kind) {
      case "text":
        return { kind: "text", text: texts.get(part) ?? "" };
      case "value":
        return part;
      case "if":
        return { ...part, yes: replaced(part.yes, texts), no: part.no && replaced(part.no, texts) };
      case "for":
        return { ...part, body: replaced(part.body, texts) };
      default:
        return assertNever(part);
    }
  });

import type { Attribute, Block, Body, Expression, Label } from "./ast-types.ts";
import { Cursor } from "./cursor.ts";
import { readExpression } from "./expression.ts";
import { refuseLongText } from "./limits.ts";
import { resumeAt } from "./resume.ts";
import { Fault, FinalFault } from "./source.ts";
import type { Faults, Range, Source } from "./source.ts";
import { readQuoted, readWholeTemplate } from "./template.ts";

/** After so many faults in the language itself the rest is left alone. */
const mostFaults = 20;

interface Recovery {
  readonly faults: Faults;
  /** Faults that were told and read over; what is read behind them only finds more. */
  passed: number;
}

/** Reads a whole text as arguments and blocks. Undefined after a fault; all of them are in `faults`. */
export function readBody(source: Source, faults: Faults): Body | undefined {
  const recovery: Recovery = { faults, passed: 0 };
  const body = faults.attempt(() => {
    refuseLongText(source);
    return readItems(new Cursor(source), undefined, recovery);
  });
  return recovery.passed === 0 ? body : undefined;
}

/** Reads one expression that is the whole text. */
export function readWholeExpression(source: Source): Expression {
  const cursor = new Cursor(source);
  cursor.skipNewlines();
  const expression = readExpression(cursor);
  cursor.skipNewlines();
  if (cursor.peek().kind === "end") return expression;
  throw new Fault(
    cursor.rangeOf(cursor.peek()),
    "Extra characters after expression",
    "An expression was read, but extra characters follow it.",
  );
}

/** Reads a whole text as a template, as text in JSON is. */
export const readTemplateText = (source: Source): Expression =>
  readWholeTemplate(source, readExpression);

/** Up to the brace that closes the one at `openBrace`, or to the end of the text when there is none. */
function readItems(cursor: Cursor, openBrace: Range | undefined, recovery: Recovery): Body {
  const start = cursor.offset;
  const items: (Attribute | Block)[] = [];
  for (;;) {
    let itemStart: number | undefined;
    try {
      cursor.skipNewlines();
      const token = cursor.peek();
      itemStart = token.start;
      if (token.kind === "end") {
        // Behind a fault braces prove nothing: what was read over may have held them.
        if (openBrace === undefined || recovery.passed > 0) break;
        throw unclosed(openBrace);
      }
      if ((openBrace !== undefined || recovery.passed > 0) && cursor.takes("}")) {
        if (openBrace === undefined) continue;
        break;
      }
      const item = readItem(cursor, recovery);
      items.push(item);
      endItem(cursor, item.kind);
    } catch (thrown) {
      passFault(thrown, itemStart, cursor, recovery);
    }
  }
  return { items, range: cursor.rangeFrom(start) };
}

/** Keeps a fault and goes on behind the item that it is in, unless nothing good can come of that. */
function passFault(
  thrown: unknown,
  itemStart: number | undefined,
  cursor: Cursor,
  recovery: Recovery,
): void {
  const isPassable = thrown instanceof Fault && !(thrown instanceof FinalFault);
  if (!isPassable || thrown.range === undefined || recovery.passed >= mostFaults) throw thrown;
  const { start } = thrown.range;
  recovery.passed += 1;
  recovery.faults.add(thrown.diagnostic);
  cursor.moveTo(resumeAt(cursor.source, itemStart ?? start, start));
}

function unclosed(openBrace: Range): Fault {
  return new FinalFault(
    openBrace,
    "Unclosed configuration block",
    "There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.",
  );
}

function endItem(cursor: Cursor, kind: "attribute" | "block"): void {
  const token = cursor.peek();
  if (token.kind === "newline" || token.kind === "end") return;
  throw new Fault(
    cursor.rangeOf(token),
    `Missing newline after ${kind === "block" ? "block definition" : "argument"}`,
    `${kind === "block" ? "A block" : "An argument"} must end with a newline.`,
  );
}

function readItem(cursor: Cursor, recovery: Recovery): Attribute | Block {
  const name = cursor.peek();
  if (name.kind !== "name")
    throw new Fault(
      cursor.rangeOf(name),
      "Argument or block definition required",
      name.kind === "quote"
        ? "Names of arguments are written without quotes."
        : 'An argument (name = value) or a block (name "label" { ... }) is required here.',
    );
  cursor.next();
  const nameRange = cursor.rangeOf(name);
  if (cursor.takes("="))
    return {
      kind: "attribute",
      name: name.text,
      nameRange,
      value: readExpression(cursor),
    };
  const { kind } = cursor.peek();
  if (kind !== "quote" && kind !== "name" && !cursor.sees("{"))
    throw new Fault(
      nameRange,
      "Invalid block or argument definition",
      "An argument needs an equals sign before its value, a block an opening brace.",
    );
  return readBlock(cursor, { name: name.text, nameRange }, recovery);
}

function readBlock(
  cursor: Cursor,
  head: Pick<Block, "name" | "nameRange">,
  recovery: Recovery,
): Block {
  const labels: Label[] = [];
  for (;;) {
    const token = cursor.peek();
    if (token.kind === "name")
      labels.push({ text: token.text, range: cursor.rangeOf(cursor.next()) });
    else if (token.kind === "quote") labels.push(readLabel(cursor));
    else break;
  }
  if (!cursor.sees("{"))
    throw new Fault(
      cursor.rangeOf(cursor.peek()),
      "Invalid block definition",
      "Either a label or an opening brace is expected here.",
    );
  const braceRange = cursor.rangeOf(cursor.next());
  const body = cursor.deeper(() =>
    cursor.peek().kind === "newline"
      ? readItems(cursor, braceRange, recovery)
      : readOneLine(cursor, braceRange, recovery),
  );
  return { kind: "block", ...head, labels, braceRange, body };
}

function readLabel(cursor: Cursor): Label {
  const text = cursor.deeper(() => readQuoted(cursor, readExpression));
  if (text.kind === "template") {
    const marked = text.parts.find((part) => part.kind !== "text");
    if (marked === undefined)
      return {
        text: text.parts.map((part) => (part.kind === "text" ? part.text : "")).join(""),
        range: text.range,
      };
    throw badLabel(marked.range);
  }
  throw badLabel({ ...text.range, start: text.range.start + 1 });
}

function badLabel(range: Range): Fault {
  return new Fault(
    { ...range, end: range.start + 2 },
    "Invalid label",
    "A label cannot contain ${ ... } or %{ ... }; write $${ for the plain characters.",
  );
}

/** `name { }` and `name { a = 1 }` are all that fits in one line. */
function readOneLine(cursor: Cursor, openBrace: Range, recovery: Recovery): Body {
  const start = cursor.offset;
  if (cursor.takes("}")) return { items: [], range: cursor.rangeFrom(start) };
  if (cursor.peek().kind === "end") throw unclosed(openBrace);
  const first = cursor.peek();
  const item = readItem(cursor, recovery);
  if (item.kind === "block")
    throw new Fault(
      cursor.rangeOf(first),
      "Invalid single-line block",
      "A block inside a block starts on a line of its own.",
    );
  if (!cursor.takes("}"))
    throw new Fault(
      cursor.rangeOf(cursor.peek()),
      "Invalid single-line block",
      "A block in one line holds one argument only and ends on that line.",
    );
  return { items: [item], range: cursor.rangeFrom(start) };
}

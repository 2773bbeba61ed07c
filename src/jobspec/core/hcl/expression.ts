import { assertNever } from "../../../lib/errors.ts";
import type { Expression, ObjectItem, Operator, Step } from "./ast-types.ts";
import { parseBigFloat } from "./big-float.ts";
import type { Cursor } from "./cursor.ts";
import type { Token } from "./lexer.ts";
import { Fault } from "./source.ts";
import type { Range } from "./source.ts";
import { readHeredoc, readQuoted } from "./template.ts";
import { nullValue } from "./value.ts";

/** Reads one expression. Newlines end it unless it is inside brackets. */
export function readExpression(cursor: Cursor): Expression {
  return cursor.deeper(() => {
    const test = readChain(cursor, 0);
    if (!cursor.takes("?")) return test;
    const yes = readExpression(cursor);
    if (!cursor.takes(":"))
      throw faultAt(cursor, "Missing false expression", "A conditional is written as a ? b : c.");
    const no = readExpression(cursor);
    return { kind: "conditional", test, yes, no, range: cursor.rangeFrom(test.range.start) };
  });
}

/** The operators and how tightly each binds. */
const levels: ReadonlyMap<string, readonly [operator: Operator, level: number]> = new Map(
  (
    [
      ["||"],
      ["&&"],
      ["==", "!="],
      ["<", "<=", ">", ">="],
      ["+", "-"],
      ["*", "/", "%"],
    ] satisfies Operator[][]
  ).flatMap((operators, level) => operators.map((sign) => [sign, [sign, level]] as const)),
);

/** A term and what operators that bind at least so tightly join to it; those of one level make one flat chain. */
function readChain(cursor: Cursor, least: number): Expression {
  let left = readUnary(cursor);
  // Most values are a term alone.
  for (let next = operatorAt(cursor); next !== undefined && next[1] >= least;) {
    const level = next[1];
    const rest: { operator: Operator; right: Expression }[] = [];
    while (next !== undefined && next[1] === level) {
      cursor.next();
      rest.push({ operator: next[0], right: readChain(cursor, level + 1) });
      next = operatorAt(cursor);
    }
    left = { kind: "chain", first: left, rest, range: cursor.rangeFrom(left.range.start) };
  }
  return left;
}

function operatorAt(cursor: Cursor): readonly [operator: Operator, level: number] | undefined {
  const token = cursor.peek();
  return token.kind === "sign" ? levels.get(token.text) : undefined;
}

function readUnary(cursor: Cursor): Expression {
  const operator = cursor.sees("!") ? "!" : cursor.sees("-") ? "-" : undefined;
  if (operator === undefined) return readPostfix(cursor);
  return cursor.deeper(() => {
    const { start } = cursor.next();
    const inner = readUnary(cursor);
    return { kind: "unary", operator, inner, range: cursor.rangeFrom(start) };
  });
}

function readPostfix(cursor: Cursor): Expression {
  const base = readTerm(cursor);
  const steps = readSteps(cursor);
  if (steps.length === 0) return base;
  return { kind: "access", base, steps, range: cursor.rangeFrom(base.range.start) };
}

/** Reads `.name`, `.2`, `[key]`, `[*]` and `.*` as long as they follow. */
function readSteps(cursor: Cursor): Step[] {
  const steps: Step[] = [];
  for (;;) {
    if (cursor.sees(".")) {
      const start = cursor.next().start;
      if (cursor.sees("*")) {
        cursor.next();
        const inner = readAttributes(cursor);
        steps.push({ kind: "splat", steps: inner, range: cursor.rangeFrom(start) });
      } else steps.push(readDotted(cursor, start));
    } else if (cursor.sees("[")) {
      const step = readBracket(cursor);
      steps.push(step);
      if (step.kind === "splat") return steps;
    } else return steps;
  }
}

function readAttributes(cursor: Cursor): Step[] {
  const steps: Step[] = [];
  while (cursor.sees(".")) {
    const start = cursor.next().start;
    steps.push(readDotted(cursor, start));
  }
  return steps;
}

function readDotted(cursor: Cursor, start: number): Step {
  const token = cursor.peek();
  if (token.kind === "name") {
    cursor.next();
    return { kind: "attribute", name: token.text, range: cursor.rangeFrom(start) };
  }
  if (token.kind !== "number")
    throw faultAt(cursor, "Invalid attribute name", "A name is required after a dot.");
  cursor.next();
  const range = cursor.rangeFrom(start);
  if (token.text.includes("."))
    throw new Fault(
      cursor.rangeOf(token),
      "Invalid legacy index syntax",
      `Two indexes after dots read as one number; write [${token.text.replaceAll(".", "][")}].`,
    );
  return { kind: "index", key: numberLiteral(token.text, range), range };
}

function readBracket(cursor: Cursor): Step {
  const open = cursor.next();
  if (cursor.takes("*")) {
    closeWith(cursor, "]", "splat");
    const range = cursor.rangeFrom(open.start);
    return { kind: "splat", steps: cursor.deeper(() => readSteps(cursor)), range };
  }
  return cursor.nested(false, (): Step => {
    const key = readExpression(cursor);
    closeWith(cursor, "]", "index");
    return { kind: "index", key, range: cursor.rangeFrom(open.start) };
  });
}

function readTerm(cursor: Cursor): Expression {
  const token = cursor.peek();
  switch (token.kind) {
    case "number":
      cursor.next();
      return numberLiteral(token.text, cursor.rangeOf(token));
    case "quote":
      return readQuoted(cursor, readExpression);
    case "heredoc":
      return readHeredoc(cursor, readExpression);
    case "name":
      return readNamed(cursor, cursor.next());
    case "sign":
      if (token.text === "(") return readParens(cursor);
      if (token.text === "[") return readTuple(cursor);
      if (token.text === "{") return readObject(cursor);
      throw noTerm(cursor, "Expected the start of an expression.");
    case "newline":
    case "end":
      throw noTerm(
        cursor,
        "The expression breaks off here; put it in parentheses to go on in the next line.",
      );
    default:
      return assertNever(token.kind);
  }
}

const noTerm = (cursor: Cursor, detail: string): Fault =>
  faultAt(cursor, "Invalid expression", detail);

function numberLiteral(text: string, range: Range): Expression {
  const number = parseBigFloat(text);
  if (number === undefined) throw new Fault(range, "Invalid number", `${text} is no number.`);
  return { kind: "literal", value: { type: "number", number }, range };
}

function readNamed(cursor: Cursor, name: Token): Expression {
  const range = cursor.rangeOf(name);
  if (cursor.sees("(") || cursor.sees("::")) return readCall(cursor, name);
  if (name.text === "true" || name.text === "false")
    return { kind: "literal", value: { type: "bool", is: name.text === "true" }, range };
  if (name.text === "null") return { kind: "literal", value: nullValue, range };
  return { kind: "name", name: name.text, range };
}

function readCall(cursor: Cursor, first: Token): Expression {
  let name = first.text;
  while (cursor.takes("::")) {
    const part = cursor.peek();
    if (part.kind !== "name")
      throw faultAt(cursor, "Missing function name", "A name must follow ::");
    name += `::${cursor.next().text}`;
  }
  const nameRange = cursor.rangeFrom(first.start);
  if (!cursor.sees("(")) throw faultAt(cursor, "Missing open parenthesis", "A call needs ( here.");
  cursor.next();
  return cursor.nested(false, () => {
    const args: Expression[] = [];
    let isExpanded = false;
    while (!cursor.sees(")")) {
      args.push(readExpression(cursor));
      if (cursor.takes("...")) {
        isExpanded = true;
        break;
      }
      if (!cursor.takes(",") && !cursor.sees(")"))
        throw faultAt(
          cursor,
          "Missing argument separator",
          "A comma is required between the arguments of a call.",
        );
    }
    const closeRange = cursor.rangeOf(cursor.peek());
    closeWith(cursor, ")", "argument list");
    const range = cursor.rangeFrom(first.start);
    return { kind: "call", name, nameRange, args, isExpanded, closeRange, range };
  });
}

function readParens(cursor: Cursor): Expression {
  const { start } = cursor.next();
  return cursor.nested(false, () => {
    const inner = readExpression(cursor);
    closeWith(cursor, ")", "parentheses");
    return { kind: "parens", inner, range: cursor.rangeFrom(start) };
  });
}

function readTuple(cursor: Cursor): Expression {
  const { start } = cursor.next();
  return cursor.nested(false, () => {
    if (cursor.sees("for")) return readFor(cursor, start, "]");
    const items: Expression[] = [];
    while (!cursor.sees("]")) {
      items.push(readExpression(cursor));
      if (!cursor.takes(",") && !cursor.sees("]"))
        throw faultAt(
          cursor,
          "Missing item separator",
          "Expected a comma to mark the beginning of the next item.",
        );
    }
    cursor.next();
    return { kind: "tuple", items, range: cursor.rangeFrom(start) };
  });
}

function readObject(cursor: Cursor): Expression {
  const { start } = cursor.next();
  return cursor.nested(true, () => {
    cursor.skipNewlines();
    if (cursor.sees("for")) return cursor.nested(false, () => readFor(cursor, start, "}"));
    const items: ObjectItem[] = [];
    for (;;) {
      cursor.skipNewlines();
      if (cursor.takes("}")) break;
      items.push(readItem(cursor));
      if (cursor.sees("}") || cursor.peek().kind === "newline" || cursor.takes(",")) continue;
      throw faultAt(
        cursor,
        "Missing attribute separator",
        "Expected a newline or comma to mark the beginning of the next attribute.",
      );
    }
    return { kind: "object", items, range: cursor.rangeFrom(start) };
  });
}

function readItem(cursor: Cursor): ObjectItem {
  const key = readExpression(cursor);
  if (!cursor.takes("=") && !cursor.takes(":"))
    throw faultAt(
      cursor,
      "Missing attribute value",
      "Expected an attribute value, introduced by an equals sign or a colon.",
    );
  return { key, value: readExpression(cursor) };
}

function readFor(cursor: Cursor, start: number, close: "]" | "}"): Expression {
  cursor.next();
  const first = forName(cursor);
  const second = cursor.takes(",") ? forName(cursor) : undefined;
  if (!cursor.takes("in")) throw faultAt(cursor, "Invalid for expression", 'Expected "in" here.');
  const collection = readExpression(cursor);
  if (!cursor.takes(":"))
    throw faultAt(cursor, "Invalid for expression", "Expected a colon after the collection.");
  const head = readExpression(cursor);
  let key: Expression | undefined;
  let value = head;
  if (cursor.sees("=>")) {
    if (close === "]")
      throw faultAt(cursor, "Invalid for expression", "A key is of use between braces only.");
    cursor.next();
    key = head;
    value = readExpression(cursor);
  } else if (close === "}")
    throw faultAt(cursor, "Invalid for expression", "Expected KEY => VALUE between braces.");
  if (close === "]" && cursor.sees("..."))
    throw faultAt(cursor, "Invalid for expression", "Only a for between braces groups with ...");
  const isGrouped = cursor.takes("...");
  const condition = cursor.takes("if") ? readExpression(cursor) : undefined;
  closeWith(cursor, close, "for expression");
  const names = second === undefined ? { valueName: first } : { valueName: second };
  const keyName = second === undefined ? undefined : first;
  const range = cursor.rangeFrom(start);
  return { kind: "for", keyName, ...names, collection, key, value, condition, isGrouped, range };
}

function forName(cursor: Cursor): string {
  if (cursor.peek().kind !== "name")
    throw faultAt(
      cursor,
      "Invalid for expression",
      'Expected a name here. A key that is called for is written "for".',
    );
  return cursor.next().text;
}

function closeWith(cursor: Cursor, sign: string, what: string): void {
  if (cursor.takes(sign)) return;
  throw faultAt(cursor, `Unterminated ${what}`, `Expected ${sign} here.`);
}

function faultAt(cursor: Cursor, summary: string, detail: string): Fault {
  return new Fault(cursor.rangeOf(cursor.peek()), summary, detail);
}

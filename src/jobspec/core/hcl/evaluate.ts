import { assertNever } from "../../../lib/errors.ts";
import type { Expression, ForExpression, ObjectItem, TemplatePart } from "./ast-types.ts";
import { evaluateAccess, rootValue } from "./access.ts";
import { callFunction } from "./call.ts";
import { bounded, enter, leave, spendSize, spendSteps, spendUnits } from "./limits.ts";
import { tokensOfNumber, unifyingUnits } from "./limits.ts";
import { applyOperator, applyUnary, truth } from "./operators.ts";
import type { Operand } from "./operators.ts";
import type { Scope } from "./scope-types.ts";
import { Fault } from "./source.ts";
import type { Range } from "./source.ts";
import { convertValue, entriesOf, nullValue, objectValue } from "./value.ts";
import { textValue, tupleValue, typeName } from "./value.ts";
import { unifyValues } from "./unify.ts";
import type { Value } from "./value-types.ts";

/** The value of an expression; the first thing wrong in it is thrown as a `Fault`. */
export function evaluate(expression: Expression, scope: Scope): Value {
  const { budget } = scope;
  if (expression.kind === "literal") {
    spendSteps(budget, expression.range, 1);
    return expression.value;
  }
  enter(budget, expression.range);
  try {
    return bounded(compute(expression, scope), expression.range);
  } finally {
    leave(budget);
  }
}

function compute(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "template":
      return rendered(expression, scope);
    case "wrap":
      return evaluate(expression.inner, scope);
    case "parens":
      return evaluate(expression.inner, scope);
    case "name":
      return rootValue(expression, scope);
    case "access":
      return evaluateAccess(expression, scope, evaluate);
    case "call":
      return callFunction(expression, scope, evaluate);
    case "conditional":
      return evaluateConditional(expression, scope);
    case "chain":
      return evaluateChain(expression, scope);
    case "unary":
      return applyUnary(expression.operator, {
        value: evaluate(expression.inner, scope),
        expression: expression.inner,
      });
    case "tuple":
      return tupleValue(expression.items.map((item) => evaluate(item, scope)));
    case "object":
      return evaluateObject(expression.items, scope);
    case "for":
      return evaluateFor(expression, scope);
    default:
      return assertNever(expression);
  }
}

function evaluateConditional(
  expression: Extract<Expression, { kind: "conditional" }>,
  scope: Scope,
): Value {
  const { test } = expression;
  const chosen = truth({ value: evaluate(test, scope), expression: test });
  const yes = evaluate(expression.yes, scope);
  const no = evaluate(expression.no, scope);
  // Both are gone through for their types, and converted where these differ.
  spendUnits(scope.budget, expression.range, 2 * unifyingUnits([yes, no]));
  const unified = unifyValues([yes, no]);
  if (unified === undefined)
    throw new Fault(
      expression.range,
      "Inconsistent conditional result types",
      `The true result is a ${typeName(yes)}, the false result a ${typeName(no)}.`,
    );
  return unified[chosen ? 0 : 1] ?? nullValue;
}

function evaluateChain(expression: Extract<Expression, { kind: "chain" }>, scope: Scope): Value {
  let left: Operand = { value: evaluate(expression.first, scope), expression: expression.first };
  for (const { operator, right } of expression.rest) {
    const operand = { value: evaluate(right, scope), expression: right };
    spendOperand(scope, left);
    spendOperand(scope, operand);
    left = { value: applyOperator(operator, left, operand), expression: left.expression };
  }
  return left.value;
}

/** Text is read as a number, and what is compared is gone through. */
function spendOperand({ budget }: Scope, { value, expression }: Operand): void {
  if (value.type !== "string") spendSize(budget, expression.range, value);
  else if (value.text.length > 4) spendSteps(budget, expression.range, tokensOfNumber(value.text));
}

function evaluateObject(items: readonly ObjectItem[], scope: Scope): Value {
  const entries = new Map<string, Value>();
  for (const { key, value } of items) {
    const name =
      key.kind === "name"
        ? key.name
        : key.kind === "literal" && key.value.type !== "number"
          ? key.range.source.text.slice(key.range.start, key.range.end)
          : keyText(evaluate(key, scope), key.range);
    entries.set(name, evaluate(value, scope));
  }
  return objectValue(entries);
}

function keyText(value: Value, range: Range): string {
  const text = convertValue(value, { kind: "string" });
  if (text?.type === "string") return text.text;
  throw new Fault(range, "Incorrect key type", `A key must be text, not ${typeName(value)}.`);
}

function evaluateFor(expression: ForExpression, scope: Scope): Value {
  const items: Value[] = [];
  const grouped = new Map<string, Value[]>();
  const { condition } = expression;
  for (const inner of turnsOf(expression, scope)) {
    if (condition && !truth({ value: evaluate(condition, inner), expression: condition })) continue;
    if (expression.key === undefined) {
      items.push(evaluate(expression.value, inner));
      continue;
    }
    const name = keyText(evaluate(expression.key, inner), expression.key.range);
    const group = grouped.get(name) ?? [];
    if (group.length > 0 && !expression.isGrouped)
      throw new Fault(
        expression.key.range,
        "Duplicate object key",
        `Two items produced the key ${JSON.stringify(name)}. Write ... after the value to group them.`,
      );
    group.push(evaluate(expression.value, inner));
    grouped.set(name, group);
  }
  if (expression.key === undefined) return tupleValue(items);
  const { isGrouped } = expression;
  return objectValue(
    new Map([...grouped].map(([k, g]) => [k, isGrouped ? tupleValue(g) : (g[0] ?? nullValue)])),
  );
}

interface Loop {
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
  readonly range: Range;
}

/**
 * The scope of every turn of a loop. It is one scope that changes: nothing in a turn outlives it, and a copy of all
 * names for every turn would cost more than the turn.
 */
function* turnsOf(loop: Loop, scope: Scope): Generator<Scope> {
  const { budget } = scope;
  const collection = evaluate(loop.collection, scope);
  // Going through it makes entries, and a map is sorted for that.
  spendSize(budget, loop.range, collection);
  const entries = entriesOf(collection);
  if (entries === undefined) throw notIterable(collection, loop.collection.range);
  spendSteps(budget, loop.range, entries.length + (scope.names.size >> 2));
  const names = new Map(scope.names);
  const inner: Scope = { ...scope, names };
  for (const [key, value] of entries) {
    if (loop.keyName !== undefined) names.set(loop.keyName, key);
    names.set(loop.valueName, value);
    yield inner;
  }
}

function notIterable(value: Value, range: Range): Fault {
  const detail = `A list, set, map or object is needed here, not this ${typeName(value)}.`;
  return new Fault(range, "Iteration over non-iterable value", detail);
}

function rendered(template: Extract<Expression, { kind: "template" }>, scope: Scope): Value {
  const value = textValue(renderParts(template.parts, scope));
  spendSize(scope.budget, template.range, value);
  return value;
}

function renderParts(parts: readonly TemplatePart[], scope: Scope): string {
  let out = "";
  for (const part of parts) out += renderPart(part, scope);
  return out;
}

function renderPart(part: TemplatePart, scope: Scope): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "value": {
      const value = evaluate(part.inner, scope);
      const text = convertValue(value, { kind: "string" });
      if (text?.type === "string") return text.text;
      throw new Fault(
        part.inner.range,
        "Invalid template interpolation value",
        `A ${typeName(value)} cannot be part of a text.`,
      );
    }
    case "if": {
      const chosen = truth({ value: evaluate(part.test, scope), expression: part.test });
      return renderParts(chosen ? part.yes : part.no, scope);
    }
    case "for": {
      let out = "";
      for (const inner of turnsOf(part, scope)) out += renderParts(part.body, inner);
      return out;
    }
    default:
      return assertNever(part);
  }
}

import { assertNever } from "../../../lib/errors.ts";
import type { Expression, ForExpression, ObjectItem, TemplatePart } from "./ast-types.ts";
import { evaluateAccess, rootValue } from "./access.ts";
import { callFunction } from "./call.ts";
import { bounded, enter, leave, spendSize, spendSteps } from "./limits.ts";
import { applyOperator, applyUnary, truth } from "./operators.ts";
import { withNames } from "./scope-types.ts";
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
  let left = { value: evaluate(expression.first, scope), expression: expression.first };
  for (const { operator, right } of expression.rest) {
    const operand = { value: evaluate(right, scope), expression: right };
    spendSize(scope.budget, right.range, operand.value);
    left = { value: applyOperator(operator, left, operand), expression: left.expression };
  }
  return left.value;
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
  const collection = evaluate(expression.collection, scope);
  const entries = entriesOf(collection);
  if (entries === undefined) throw notIterable(collection, expression.collection.range);
  spendSteps(scope.budget, expression.range, entries.length);
  const items: Value[] = [];
  const grouped = new Map<string, Value[]>();
  for (const [key, value] of entries) {
    const inner = withNames(scope, loopNames(expression, key, value));
    const { condition } = expression;
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

function loopNames(
  loop: { readonly keyName: string | undefined; readonly valueName: string },
  key: Value,
  value: Value,
): readonly (readonly [string, Value])[] {
  const named = [loop.valueName, value] as const;
  return loop.keyName === undefined ? [named] : [[loop.keyName, key], named];
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
  return parts.map((part) => renderPart(part, scope)).join("");
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
      const collection = evaluate(part.collection, scope);
      const entries = entriesOf(collection);
      if (entries === undefined) throw notIterable(collection, part.collection.range);
      spendSteps(scope.budget, part.range, entries.length);
      return entries
        .map(([key, value]) => {
          const inner = withNames(scope, loopNames(part, key, value));
          return renderParts(part.body, inner);
        })
        .join("");
    }
    default:
      return assertNever(part);
  }
}

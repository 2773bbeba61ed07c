import { assertNever } from "../../../lib/errors.ts";
import type { Expression, ForExpression, ObjectItem, TemplatePart } from "./ast-types.ts";
import { evaluateAccess, rootValue } from "./access.ts";
import { callFunction } from "./call.ts";
import { Findings, outcomeOf, valueOf } from "./findings.ts";
import { bounded, enter, leave, spendSize, spendSteps, spendUnits } from "./limits.ts";
import { tokensOfNumber, unifyingUnits } from "./limits.ts";
import { applyOperator, applyUnary, isPlainKey, operandOf, truth } from "./operators.ts";
import { inTurn, withUnknown } from "./scope-types.ts";
import type { Scope } from "./scope-types.ts";
import { Fault } from "./source.ts";
import type { Range } from "./source.ts";
import { convertValue, entriesOf, nullValue, objectValue } from "./value.ts";
import { textValue, tupleValue, typeName } from "./value.ts";
import { anyType, typeOf } from "./types.ts";
import { unifyTypes } from "./unify.ts";
import type { TypeSpec, Value } from "./value-types.ts";

/** The value of an expression; what is wrong in it is thrown as a `Fault` that has all independent ones. */
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
      return applyUnary(
        expression.operator,
        { value: evaluate(expression.inner, scope), expression: expression.inner },
        expression.range,
      );
    case "tuple":
      return evaluateTuple(expression.items, scope);
    case "object":
      return evaluateObject(expression.items, scope);
    case "for":
      return evaluateFor(expression, scope);
    default:
      return assertNever(expression);
  }
}

/** Both results are worked out to see their types; what is wrong in the one that is not taken does not count. */
function evaluateConditional(
  expression: Extract<Expression, { kind: "conditional" }>,
  scope: Scope,
): Value {
  const { test } = expression;
  const yes = outcomeOf(() => evaluate(expression.yes, scope));
  const no = outcomeOf(() => evaluate(expression.no, scope));
  const type =
    yes.kind === "done" && no.kind === "done"
      ? typeOfResults([yes.value, no.value], expression, scope)
      : anyType;
  const isYes = truth({ value: evaluate(test, scope), expression: test });
  const value = valueOf(isYes ? yes : no);
  const converted = convertValue(value, type);
  if (converted !== undefined) return converted;
  throw inconsistent(
    (isYes ? expression.yes : expression.no).range,
    `The ${isYes ? "true" : "false"} result is a ${typeName(value)} that does not fit the other one.`,
  );
}

const inconsistent = (range: Range, detail: string): Fault =>
  new Fault(range, "Inconsistent conditional result types", detail);

/** Both are gone through for their types. A null that is written as such is one of the other's type. */
function typeOfResults(
  [yes, no]: readonly [Value, Value],
  expression: Extract<Expression, { kind: "conditional" }>,
  { budget }: Scope,
): TypeSpec {
  spendUnits(budget, expression.range, 2 * unifyingUnits([yes, no]));
  if (isBareNull(yes)) return typeOf(no);
  if (isBareNull(no)) return typeOf(yes);
  const type = unifyTypes([typeOf(yes), typeOf(no)]);
  if (type !== undefined) return type;
  throw inconsistent(
    { ...expression.range, start: expression.yes.range.start },
    `The true result is a ${typeName(yes)}, the false result a ${typeName(no)}.`,
  );
}

const isBareNull = (value: Value): boolean => value.type === "null" && value.of.kind === "any";

function evaluateChain(expression: Extract<Expression, { kind: "chain" }>, scope: Scope): Value {
  const { first, rest } = expression;
  const findings = new Findings(scope);
  let { range } = first;
  let value = findings.attempt(() => evaluate(first, scope));
  for (const { operator, right } of rest) {
    const other = findings.attempt(() => evaluate(right, scope));
    const operand = (side: Value | undefined, of: Range): Value | undefined => {
      if (side === undefined) return undefined;
      spendOperand(scope, side, of);
      return findings.attempt(() =>
        operandOf(operator, { value: side, expression: { range: of } }),
      );
    };
    const [a, b] = [operand(value, range), operand(other, right.range)];
    range = { ...range, end: right.range.end };
    value =
      a === undefined || b === undefined
        ? undefined
        : findings.attempt(() => applyOperator(operator, [a, b], range));
  }
  return settled(findings, value);
}

/** The value that is there when nothing was found. */
function settled<T>(findings: Findings, value: T | undefined): T {
  findings.settle();
  if (value === undefined) throw new Error("assertion failed: what has no fault has a value");
  return value;
}

function evaluateTuple(items: readonly Expression[], scope: Scope): Value {
  const findings = new Findings(scope);
  const values = items.map((item) => findings.attempt(() => evaluate(item, scope)));
  findings.settle();
  return tupleValue(values.filter((value) => value !== undefined));
}

/** Text is read as a number, and what is compared is gone through. */
function spendOperand({ budget }: Scope, value: Value, range: Range): void {
  if (value.type !== "string") spendSize(budget, range, value);
  else if (value.text.length > 4) spendSteps(budget, range, tokensOfNumber(value.text));
}

function evaluateObject(items: readonly ObjectItem[], scope: Scope): Value {
  const findings = new Findings(scope);
  const entries = new Map<string, Value>();
  for (const { key, value } of items) {
    const name = findings.attempt(() => itemName(key, scope));
    const item = findings.attempt(() => evaluate(value, scope));
    const text =
      name === undefined || typeof name === "string"
        ? name
        : findings.attempt(() => keyText(name, key.range, value.range));
    if (text !== undefined && item !== undefined) entries.set(text, item);
  }
  findings.settle();
  return objectValue(entries);
}

/** A bare word is the key itself; anything else has to be worked out. */
function itemName(key: Expression, scope: Scope): string | Value {
  if (key.kind === "name") return key.name;
  if (key.kind === "literal" && key.value.type !== "number")
    return key.range.source.text.slice(key.range.start, key.range.end);
  if (key.kind === "access" && isReference(key))
    throw new Fault(
      key.range,
      "Ambiguous attribute key",
      "A key with dots or brackets is put in parentheses when it is a reference, in quotes when it is a name.",
    );
  return evaluate(key, scope);
}

const isReference = ({ base, steps }: Extract<Expression, { kind: "access" }>): boolean =>
  base.kind === "name" &&
  steps.every(
    (step) => step.kind === "attribute" || (step.kind === "index" && isPlainKey(step.key)),
  );

function keyText(value: Value, range: Range, nullRange: Range): string {
  if (value.type === "null")
    throw new Fault(nullRange, "Null value as key", "A key must be text, not null.");
  const text = convertValue(value, { kind: "string" });
  if (text?.type === "string") return text.text;
  throw new Fault(range, "Incorrect key type", `A key must be text, not ${typeName(value)}.`);
}

function evaluateFor(expression: ForExpression, scope: Scope): Value {
  const { condition, key, value } = expression;
  const findings = new Findings(scope);
  const items: Value[] = [];
  const grouped = new Map<string, Value[]>();
  for (const inner of turnsOf(expression, scope)) {
    const isWanted =
      condition === undefined
        ? true
        : findings.attempt(() =>
            truth({ value: evaluate(condition, inner), expression: condition }),
          );
    if (isWanted !== true) continue;
    const name =
      key === undefined
        ? ""
        : findings.attempt(() => keyText(evaluate(key, inner), key.range, key.range));
    if (name === undefined) continue;
    const item = findings.attempt(() => evaluate(value, inner));
    if (item !== undefined) items.push(item);
    if (key === undefined) continue;
    const group = grouped.get(name) ?? [];
    if (grouped.has(name) && !expression.isGrouped) findings.attempt(() => repeated(name, key));
    grouped.set(name, group);
    if (item !== undefined) group.push(item);
  }
  findings.settle();
  if (key === undefined) return tupleValue(items);
  const { isGrouped } = expression;
  return objectValue(
    new Map([...grouped].map(([k, g]) => [k, isGrouped ? tupleValue(g) : (g[0] ?? nullValue)])),
  );
}

function repeated(name: string, key: Expression): never {
  throw new Fault(
    key.range,
    "Duplicate object key",
    `Two items produced the key ${JSON.stringify(name)}. Write ... after the value to group them.`,
  );
}

/** What is wrong with a condition whatever the elements are, which is told also when there is none. */
function checkCondition(loop: Loop, condition: Expression, scope: Scope): void {
  const outcome = outcomeOf(() =>
    truth({
      value: evaluate(condition, withUnknown(scope, namesOf(loop))),
      expression: condition,
    }),
  );
  if (outcome.kind === "faulty") throw outcome.fault;
}

interface Loop {
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
  readonly condition?: Expression | undefined;
  readonly range: Range;
}

const namesOf = ({ keyName, valueName }: Loop): readonly string[] =>
  keyName === undefined ? [valueName] : [keyName, valueName];

/**
 * The scope of every turn of a loop. It is one scope that changes: nothing in a turn outlives it, and a copy of all
 * names for every turn would cost more than the turn.
 */
function* turnsOf(loop: Loop, scope: Scope): Generator<Scope> {
  const entries = loopEntries(loop, scope);
  if (entries.length === 0 && loop.condition !== undefined)
    checkCondition(loop, loop.condition, scope);
  spendSteps(scope.budget, loop.range, entries.length + (scope.names.size >> 2));
  const { inner, names } = inTurn(scope, namesOf(loop));
  for (const [key, value] of entries) {
    if (loop.keyName !== undefined) names.set(loop.keyName, key);
    names.set(loop.valueName, value);
    yield inner;
  }
}

function loopEntries(loop: Loop, scope: Scope): readonly (readonly [Value, Value])[] {
  const value = evaluate(loop.collection, scope);
  // Going through it makes entries, and a map is sorted for that.
  spendSize(scope.budget, loop.range, value);
  const entries = entriesOf(value);
  if (entries !== undefined) return entries;
  const detail = `A list, set, map or object is needed here, not this ${typeName(value)}.`;
  throw new Fault(loop.collection.range, "Iteration over non-iterable value", detail);
}

function rendered(template: Extract<Expression, { kind: "template" }>, scope: Scope): Value {
  const value = textValue(renderParts(template.parts, scope));
  spendSize(scope.budget, template.range, value);
  return value;
}

function renderParts(parts: readonly TemplatePart[], scope: Scope): string {
  const findings = new Findings(scope);
  const texts = parts.map((part) => findings.attempt(() => renderPart(part, scope)));
  findings.settle();
  return texts.join("");
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
      const findings = new Findings(scope);
      let out = "";
      for (const inner of turnsOf(part, scope))
        out += findings.attempt(() => renderParts(part.body, inner)) ?? "";
      findings.settle();
      return out;
    }
    default:
      return assertNever(part);
  }
}

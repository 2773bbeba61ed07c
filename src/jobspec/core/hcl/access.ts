import type { Expression, Step } from "./ast-types.ts";
import { fromNumber, isWhole, toNumber } from "./big-float.ts";
import { Findings, UnknownValue } from "./findings.ts";
import { spendSize, spendSteps } from "./limits.ts";
import { isPlainKey } from "./operators.ts";
import type { Namespace, Scope } from "./scope-types.ts";
import { Fault } from "./source.ts";
import type { Range } from "./source.ts";
import { nearMiss } from "../../../lib/near-miss.ts";
import { attributeType, numberType, textType, typeOf } from "./types.ts";
import { convertValue, listValue, objectValue, textValue, tupleValue, typeName } from "./value.ts";
import type { TypeSpec, Value } from "./value-types.ts";

type Evaluate = (expression: Expression, scope: Scope) => Value;
type Access = Extract<Expression, { kind: "access" }>;
type Splat = Extract<Step, { kind: "splat" }>;

export function rootValue(expression: Extract<Expression, { kind: "name" }>, scope: Scope): Value {
  if (scope.unknownNames?.has(expression.name) === true) throw new UnknownValue();
  const known = scope.names.get(expression.name);
  if (known !== undefined) return known;
  const namespace = scope.namespaces.get(expression.name);
  if (namespace !== undefined) return wholeNamespace(namespace, expression.range, scope);
  return keptReference(expression.name, expression.range, scope);
}

function wholeNamespace(namespace: Namespace, range: Range, scope: Scope): Value {
  const names = namespace.names();
  spendSteps(scope.budget, range, names.length);
  const entries = names
    .map((name): [string, Value | undefined] => [name, namespace.get(name, range)])
    .filter((entry): entry is [string, Value] => entry[1] !== undefined);
  return objectValue(new Map(entries));
}

/** The text `${...}` that stays for the node to fill in, spelled as it is written. */
function keptReference(name: string, range: Range, scope: Scope): Value {
  const { text } = range.source;
  if (!scope.keepsUnknown)
    throw new Fault(range, "Unknown variable", `There is no name "${name}" here.`);
  const inner = text.slice(range.start, range.end);
  const before = /\$\{\s*$/.exec(text.slice(Math.max(0, range.start - 100), range.start));
  const after = /^\s*\}/.exec(text.slice(range.end, range.end + 100));
  if (!before || !after) return textValue(`\${${inner}}`);
  return textValue(`${before[0]}${inner}${after[0]}`);
}

export function evaluateAccess(access: Access, scope: Scope, evaluate: Evaluate): Value {
  const { base, steps } = access;
  const isBound =
    base.kind !== "name" || scope.names.has(base.name) || scope.unknownNames?.has(base.name);
  if (isBound === true) return walk(() => evaluate(base, scope), steps, scope, evaluate);
  const namespace = scope.namespaces.get(base.name);
  if (namespace === undefined) return unknownRoot(access, base, scope, evaluate);
  const [first, ...rest] = steps;
  if (first?.kind !== "attribute")
    return walk(() => wholeNamespace(namespace, base.range, scope), steps, scope, evaluate);
  const start = (): Value => {
    const value = namespace.get(first.name, first.range);
    if (value === undefined) throw noAttribute(first.name, namespace.names, first.range);
    return value;
  };
  return walk(start, rest, scope, evaluate);
}

function unknownRoot(
  access: Access,
  base: Extract<Expression, { kind: "name" }>,
  scope: Scope,
  evaluate: Evaluate,
): Value {
  const count = access.steps.findIndex((step) => !isPlain(step));
  const plain = count < 0 ? access.steps : access.steps.slice(0, count);
  const end = plain.at(-1)?.range.end ?? base.range.end;
  const kept = (): Value => keptReference(base.name, { ...base.range, end }, scope);
  return walk(kept, access.steps.slice(plain.length), scope, evaluate);
}

const isPlain = (step: Step): boolean =>
  step.kind === "attribute" || (step.kind === "index" && isPlainKey(step.key));

/** Goes from a value through the steps. Keys are worked out even where there is nothing to pick from. */
function walk(start: () => Value, steps: readonly Step[], scope: Scope, evaluate: Evaluate): Value {
  if (steps.length === 0) return start();
  const findings = new Findings(scope);
  let value = findings.attempt(start);
  for (const step of steps) {
    const before = value;
    if (step.kind === "index") {
      const key = findings.attempt(() => evaluate(step.key, scope));
      const isKnown = before !== undefined && key !== undefined;
      value = isKnown ? findings.attempt(() => indexOf(before, key, step.range)) : undefined;
    } else if (before !== undefined)
      value = findings.attempt(() =>
        step.kind === "splat"
          ? splatOf(before, step, scope, evaluate)
          : attributeOf(before, step.name, step.range),
      );
  }
  findings.settle();
  if (value === undefined) throw new Error("assertion failed: what has no fault has a value");
  return value;
}

function splatOf(value: Value, step: Splat, scope: Scope, evaluate: Evaluate): Value {
  spendSize(scope.budget, step.range, value);
  if (value.type === "null" && ["list", "set", "tuple"].includes(value.of.kind))
    throw new Fault(step.range, "Splat of null value", `This ${value.of.kind} is null.`);
  const from = "items" in value ? value.items : value.type === "null" ? [] : [value];
  const findings = new Findings(scope);
  const found = from.map((item) =>
    findings.attempt(() => walk(() => item, step.steps, scope, evaluate)),
  );
  findings.settle();
  const items = found.filter((item) => item !== undefined);
  if (value.type !== "list" && value.type !== "set") return tupleValue(items);
  const [first] = items;
  const of =
    first === undefined
      ? typeBehind(value.of, step.steps, (key) => evaluate(key, scope))
      : typeOf(first);
  return listValue(items, of);
}

/** The type of what the steps lead to, where there is no element that could be walked. */
function typeBehind(
  type: TypeSpec,
  steps: readonly Step[],
  keyOf: (key: Expression) => Value,
): TypeSpec {
  const [step, ...rest] = steps;
  if (step === undefined || type.kind === "any") return type;
  if (step.kind === "splat") {
    const from = type.kind === "list" || type.kind === "set" ? type.of : type;
    return typeBehind({ kind: "list", of: typeBehind(from, step.steps, keyOf) }, rest, keyOf);
  }
  if (step.kind === "index")
    return typeBehind(elementType(type, keyOf(step.key), step.range), rest, keyOf);
  const inner = attributeType(type, step.name);
  if (inner !== undefined) return typeBehind(inner, rest, keyOf);
  if (type.kind !== "object")
    throw new Fault(step.range, "Unsupported attribute", `A ${type.kind} has no attributes.`);
  throw noAttribute(step.name, () => [...type.attributes.keys()], step.range);
}

function elementType(type: TypeSpec, key: Value, range: Range): TypeSpec {
  const text = convertValue(key, textType);
  const number = convertValue(key, numberType);
  if (text?.type === "string") {
    const found = attributeType(type, text.text);
    if (found !== undefined) return found;
  }
  if (number?.type === "number") {
    if (type.kind === "list") return type.of;
    const at = isWhole(number.number) ? toNumber(number.number) : -1;
    const found = type.kind === "tuple" ? type.items[at] : undefined;
    if (found !== undefined) return found;
  }
  throw new Fault(range, "Invalid index", `No ${type.kind} has such an element.`);
}

function attributeOf(value: Value, name: string, range: Range): Value {
  if ("entries" in value) {
    const item = value.entries.get(name);
    if (item !== undefined) return item;
    throw noAttribute(name, () => [...value.entries.keys()], range);
  }
  if (value.type === "null")
    throw new Fault(range, "Attempt to get attribute from null value", "This value is null.");
  const detail = `A ${typeName(value)} has no attributes.`;
  throw new Fault(range, "Unsupported attribute", detail);
}

const mostCompared = 300;

function noAttribute(name: string, known: () => readonly string[], range: Range): Fault {
  return new Fault(range, "Unsupported attribute", (isBrief) => {
    const near = isBrief ? undefined : nearMiss(name, known().slice(0, mostCompared));
    const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
    return `There is no attribute named "${name}".${hint}`;
  });
}

function indexOf(value: Value, key: Value, range: Range): Value {
  if ("entries" in value) {
    const text = convertValue(key, { kind: "string" });
    const item = text?.type === "string" ? value.entries.get(text.text) : undefined;
    if (item !== undefined) return item;
  } else if (value.type === "list" || value.type === "tuple") {
    const number = convertValue(key, { kind: "number" });
    const at = number?.type === "number" ? number.number : fromNumber(-1);
    const item = isWhole(at) ? value.items[toNumber(at)] : undefined;
    if (item !== undefined) return item;
  } else {
    const detail = `A ${typeName(value)} has no elements that can be picked by index.`;
    throw new Fault(range, "Invalid index", detail);
  }
  const detail = "The given key does not identify an element in this collection.";
  throw new Fault(range, "Invalid index", detail);
}

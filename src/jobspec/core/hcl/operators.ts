import { assertNever } from "../../../lib/errors.ts";
import type { Expression, Operator, Step } from "./ast-types.ts";
import { add, compare, divide, multiply, negate, remainder } from "./big-float.ts";
import type { BigFloat } from "./big-float.ts";
import { Fault } from "./source.ts";
import type { Range } from "./source.ts";
import { boolValue, convertValue, equalValues, typeName } from "./value.ts";
import type { Value } from "./value-types.ts";

type Arithmetic = "+" | "-" | "*" | "/" | "%";
export interface Operand {
  readonly value: Value;
  readonly expression: { readonly range: Range };
}

type Operated = Extract<Value, { type: "bool" | "number" | "null" }>;

/** The operand in the type its operator works on; null fits every type and is refused when the operator is applied. */
export function operandOf(operator: Operator, operand: Operand): Value {
  if (operator === "==" || operator === "!=") return operand.value;
  const kind = operator === "&&" || operator === "||" ? "bool" : "number";
  return converted(operand, kind);
}

/** Only equality takes null; `range` is that of the whole operation. */
export function refuseNull(operator: Operator, value: Value | undefined, range: Range): void {
  if (value?.type !== "null" || operator === "==" || operator === "!=") return;
  const kind = operator === "&&" || operator === "||" ? "bool" : "number";
  throw new Fault(range, "Invalid operand", `A ${kind} is required here, not null.`);
}

/** Both sides have gone through `operandOf`; `range` is that of the whole operation. */
export function applyOperator(
  operator: Operator,
  [left, right]: readonly [Value, Value],
  range: Range,
): Value {
  switch (operator) {
    case "==":
      return boolValue(equalValues(left, right));
    case "!=":
      return boolValue(!equalValues(left, right));
    case "&&":
    case "||": {
      const [a, b] = [boolOf(left, range), boolOf(right, range)];
      return boolValue(operator === "&&" ? a && b : a || b);
    }
    case "<":
    case "<=":
    case ">":
    case ">=":
      return boolValue(
        comparisons[operator](compare(numberOf(left, range), numberOf(right, range))),
      );
    case "+":
    case "-":
    case "*":
    case "/":
    case "%": {
      const number = calculations[operator](numberOf(left, range), numberOf(right, range));
      if (number !== undefined) return { type: "number", number };
      const detail = `The result of ${operator} is not a number here.`;
      throw new Fault(range, "Invalid operation", detail);
    }
    default:
      return assertNever(operator);
  }
}

const comparisons: {
  readonly [operator in "<" | "<=" | ">" | ">="]: (order: number) => boolean;
} = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

const calculations: {
  readonly [operator in Arithmetic]: (a: BigFloat, b: BigFloat) => BigFloat | undefined;
} = {
  "+": add,
  "-": (a, b) => add(a, negate(b)),
  "*": multiply,
  "/": divide,
  "%": remainder,
};

/** `range` is that of the whole operation. */
export function applyUnary(operator: "!" | "-", operand: Operand, range: Range): Value {
  if (operator === "!") return boolValue(!boolOf(converted(operand, "bool"), range));
  return { type: "number", number: negate(numberOf(converted(operand, "number"), range)) };
}

/** What a condition says. */
export function truth(operand: Operand): boolean {
  return boolOf(converted(operand, "bool"), operand.expression.range);
}

function converted(operand: Operand, kind: "bool" | "number"): Operated {
  const value = convertValue(operand.value, { kind });
  if (value?.type === "bool" || value?.type === "number" || value?.type === "null") return value;
  const detail = `A ${kind} is required here, not this ${typeName(operand.value)}.`;
  throw new Fault(operand.expression.range, "Invalid operand", detail);
}

function boolOf(value: Value, range: Range): boolean {
  if (value.type === "bool") return value.is;
  throw new Fault(range, "Invalid operand", "A bool is required here, not null.");
}

function numberOf(value: Value, range: Range): BigFloat {
  if (value.type === "number") return value.number;
  throw new Fault(range, "Invalid operand", "A number is required here, not null.");
}

/**
 * Where people are told that a value starts: a text by its first character, not by its quote, what stands in
 * parentheses without these, an index that is worked out and a splat by their bracket.
 */
export function startRange(expression: Expression): Expression["range"] {
  switch (expression.kind) {
    case "template": {
      const [first] = expression.parts;
      if (first === undefined) return { ...expression.range, start: expression.range.end };
      if (first.kind === "value") return startRange(first.inner);
      return first.kind === "if" ? startRange(first.test) : first.range;
    }
    case "chain":
      return startRange(expression.first);
    case "conditional":
      return startRange(expression.test);
    case "parens":
      return startRange(expression.inner);
    case "access": {
      const last = expression.steps.at(-1);
      const isTold = last !== undefined && (last.kind === "splat" || isWorkedOut(last));
      return isTold ? last.range : expression.range;
    }
    case "call":
    case "for":
    case "literal":
    case "name":
    case "object":
    case "tuple":
    case "unary":
    case "wrap":
      return expression.range;
    default:
      return assertNever(expression);
  }
}

function isWorkedOut(step: Step): boolean {
  return step.kind === "index" && !isPlainKey(step.key);
}

/** A key that stands in the text as it is. */
export function isPlainKey(key: Expression): boolean {
  return (
    key.kind === "literal" ||
    (key.kind === "template" && key.parts.every((part) => part.kind === "text"))
  );
}

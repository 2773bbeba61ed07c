import { assertNever } from "../../../lib/errors.ts";
import type { Expression, Operator } from "./ast-types.ts";
import { add, compare, divide, multiply, negate, remainder } from "./big-float.ts";
import type { BigFloat } from "./big-float.ts";
import { Fault } from "./source.ts";
import { boolValue, convertValue, equalValues, typeName } from "./value.ts";
import type { Value } from "./value-types.ts";

type Arithmetic = "+" | "-" | "*" | "/" | "%";
export interface Operand {
  readonly value: Value;
  readonly expression: Expression;
}

export function applyOperator(operator: Operator, left: Operand, right: Operand): Value {
  switch (operator) {
    case "==":
      return boolValue(equalValues(left.value, right.value));
    case "!=":
      return boolValue(!equalValues(left.value, right.value));
    case "&&":
      return boolValue(truth(left) && truth(right));
    case "||":
      return boolValue(truth(left) || truth(right));
    case "<":
      return boolValue(compare(numeric(left), numeric(right)) < 0);
    case "<=":
      return boolValue(compare(numeric(left), numeric(right)) <= 0);
    case ">":
      return boolValue(compare(numeric(left), numeric(right)) > 0);
    case ">=":
      return boolValue(compare(numeric(left), numeric(right)) >= 0);
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(operator, left, right);
    default:
      return assertNever(operator);
  }
}

const calculations: {
  readonly [operator in Arithmetic]: (a: BigFloat, b: BigFloat) => BigFloat | undefined;
} = {
  "+": add,
  "-": (a, b) => add(a, negate(b)),
  "*": multiply,
  "/": divide,
  "%": remainder,
};

function arithmetic(operator: Arithmetic, left: Operand, right: Operand): Value {
  const number = calculations[operator](numeric(left), numeric(right));
  if (number !== undefined) return { type: "number", number };
  const range = { ...left.expression.range, end: right.expression.range.end };
  throw new Fault(range, "Invalid operation", `The result of ${operator} is not a number here.`);
}

export function applyUnary(operator: "!" | "-", operand: Operand): Value {
  if (operator === "!") return boolValue(!truth(operand));
  return { type: "number", number: negate(numeric(operand)) };
}

export function truth(operand: Operand): boolean {
  const value = convertValue(operand.value, { kind: "bool" });
  if (value?.type === "bool") return value.is;
  throw badOperand(operand, "bool");
}

export function numeric(operand: Operand): BigFloat {
  const value = convertValue(operand.value, { kind: "number" });
  if (value?.type === "number") return value.number;
  throw badOperand(operand, "number");
}

function badOperand(operand: Operand, wanted: string): Fault {
  const { range } = operand.expression;
  const detail =
    operand.value.type === "null"
      ? `A ${wanted} is required here, not null.`
      : `A ${wanted} is required here, not this ${typeName(operand.value)}.`;
  return new Fault(range, "Invalid operand", detail);
}

/** Where a value starts: a plain text is told by its first character, not by its quote. */
export function startRange(expression: Expression): Expression["range"] {
  if (expression.kind === "template") return expression.parts[0]?.range ?? expression.range;
  if (expression.kind === "chain") return startRange(expression.first);
  if (expression.kind === "access") return startRange(expression.base);
  if (expression.kind === "conditional") return startRange(expression.test);
  return expression.range;
}

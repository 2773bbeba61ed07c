import type { Expression } from "./ast-types.ts";
import { Fault } from "./source.ts";
import type { TypeSpec } from "./value-types.ts";

/** Reads a type as it is written in `type = ...` and `convert(x, ...)`. */
export function readType(expression: Expression): TypeSpec {
  if (expression.kind === "name") return namedType(expression);
  if (expression.kind === "parens") return readType(expression.inner);
  if (expression.kind !== "call") throw badType(expression, "This is no type.");
  const [argument] = expression.args;
  if (argument === undefined || expression.args.length !== 1)
    throw badType(expression, `${expression.name} takes exactly one type in parentheses.`);
  switch (expression.name) {
    case "list":
    case "set":
    case "map":
      return { kind: expression.name, of: readType(argument) };
    case "tuple":
      if (argument.kind !== "tuple") throw badType(argument, "tuple takes a list of types.");
      return { kind: "tuple", items: argument.items.map(readType) };
    case "object":
      return objectType(argument);
    default:
      throw badType(expression, `${expression.name} is no type.`);
  }
}

function namedType(expression: Extract<Expression, { kind: "name" }>): TypeSpec {
  const { name } = expression;
  if (name === "string" || name === "number" || name === "bool") return { kind: name };
  if (name === "any") throw badType(expression, "The type any is not allowed; name one.");
  if (name === "list" || name === "set" || name === "map" || name === "tuple" || name === "object")
    throw badType(expression, `${name} needs its element type, as in ${name}(string).`);
  throw badType(expression, `There is no type "${name}".`);
}

function objectType(argument: Expression): TypeSpec {
  if (argument.kind !== "object")
    throw badType(
      argument,
      "object takes attributes with their types, as in object({ a = string }).",
    );
  const attributes = new Map<string, TypeSpec>();
  for (const { key, value } of argument.items) {
    if (key.kind !== "name") throw badType(key, "An attribute name is a bare word.");
    attributes.set(key.name, readType(value));
  }
  return { kind: "object", attributes };
}

function badType(expression: Expression, detail: string): Fault {
  return new Fault(expression.range, "Invalid type specification", detail);
}

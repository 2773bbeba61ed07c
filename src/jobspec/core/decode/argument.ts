import { parseDuration } from "../../../lib/duration.ts";
import type { Json } from "../../../lib/json.ts";
import type { Expression } from "../hcl/ast-types.ts";
import { isWhole, toNumber } from "../hcl/big-float.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { spendSize } from "../hcl/limits.ts";
import { startRange } from "../hcl/operators.ts";
import type { Scope } from "../hcl/scope-types.ts";
import { Fault } from "../hcl/source.ts";
import { convertValue, toJson, typeName } from "../hcl/value.ts";
import type { TypeSpec, Value } from "../hcl/value-types.ts";

export interface ArgumentSpec {
  readonly key: string;
  readonly type: string;
  readonly mark: "" | "?" | "!";
}

/** Reads the table's short form `Key:type?`. */
export function argumentSpec(short: string): ArgumentSpec {
  const match = /^([$\w]+):(\w+)([?!]?)$/.exec(short);
  const mark = match?.[3] === "?" ? "?" : match?.[3] === "!" ? "!" : "";
  if (!match) throw new Error(`assertion failed: ${short} is no argument spec`);
  return { key: match[1] ?? "", type: match[2] ?? "", mark };
}

/** What a plain field holds when nobody writes it; undefined for those that stay absent. */
export function zeroOf({ type, mark }: ArgumentSpec): Json | undefined {
  if (mark === "?") return undefined;
  if (type === "string") return "";
  if (type === "bool") return false;
  return type === "duration" || type === "trunc" || Object.hasOwn(wholes, type) ? 0 : undefined;
}

/** The value of one argument in the type its field has; undefined when it is null. */
export function decodeArgument(
  expression: Expression,
  spec: ArgumentSpec,
  scope: Scope,
): Json | undefined {
  const value = evaluate(expression, scope);
  spendSize(scope.budget, expression.range, value);
  if (value.type === "null") {
    // A duration is looked at before it is known that nothing is there.
    if (spec.type !== "duration" && zeroOf(spec) === undefined && spec.mark !== "!")
      return undefined;
    throw unsuitable(expression, `a ${words(spec.type)} is required here, not null`);
  }
  return typed(value, spec.type, expression);
}

function typed(value: Value, type: string, expression: Expression): Json {
  switch (type) {
    case "string":
    case "bool":
      return simple(value, { kind: type }, expression);
    case "int":
    case "int8":
    case "uint":
    case "uint8":
    case "uint16":
    case "uint32":
      return whole(value, wholes[type], expression);
    case "trunc":
      return Math.trunc(finite(value, expression));
    case "duration":
      return duration(value, expression);
    case "strings":
      return simple(value, { kind: "list", of: { kind: "string" } }, expression);
    case "uint16s":
      return ports(value, expression);
    case "stringMap":
      return simple(value, { kind: "map", of: { kind: "string" } }, expression);
    default:
      throw new Error(`assertion failed: ${type} is no argument type`);
  }
}

function simple(value: Value, type: TypeSpec, expression: Expression): Json {
  const converted = convertValue(value, type);
  if (converted === undefined)
    throw unsuitable(expression, `a ${inWords(type)} is required, not this ${typeName(value)}`);
  const elements = "items" in converted ? converted.items : entriesOf(converted);
  if (elements.some((item) => item.type === "null"))
    throw unsuitable(expression, "null cannot be an element here");
  return toJson(converted);
}

const entriesOf = (value: Value): readonly Value[] =>
  "entries" in value ? [...value.entries.values()] : [];

function finite(value: Value, expression: Expression): number {
  const number = convertValue(value, { kind: "number" });
  if (number?.type !== "number")
    throw unsuitable(expression, `a number is required, not this ${typeName(value)}`);
  const result = toNumber(number.number);
  if (!Number.isFinite(result)) throw unsuitable(expression, "a finite number is required");
  return result;
}

/** The whole numbers that each kind of field holds. */
const wholes = {
  int: [-(2 ** 63), 2 ** 63],
  int8: [-128, 127],
  uint: [0, 2 ** 64],
  uint8: [0, 255],
  uint16: [0, 65_535],
  uint32: [0, 2 ** 32 - 1],
} as const;
type Bounds = readonly [lowest: number, highest: number];

function ports(value: Value, expression: Expression): Json {
  const list = convertValue(value, { kind: "list", of: { kind: "number" } });
  if (list === undefined || !("items" in list))
    throw unsuitable(expression, `a list of numbers is required, not this ${typeName(value)}`);
  return list.items.map((item) => whole(item, wholes.uint16, expression));
}

function whole(value: Value, [lowest, highest]: Bounds, expression: Expression): number {
  const result = finite(value, expression);
  const number = convertValue(value, { kind: "number" });
  if (number?.type !== "number" || !isWhole(number.number))
    throw unsuitable(expression, "a whole number is required");
  if (result < lowest || result > highest)
    throw unsuitable(
      expression,
      highest > Number.MAX_SAFE_INTEGER
        ? `the number is too ${result < lowest ? "small" : "large"}`
        : `a whole number from ${lowest} to ${highest} is required`,
    );
  return result;
}

function duration(value: Value, expression: Expression): number {
  if (value.type === "number") return whole(value, wholes.int, expression);
  if (value.type !== "string")
    throw unsuitable(expression, `a duration is required, not this ${typeName(value)}`);
  const parsed = parseDuration(value.text);
  if (parsed !== undefined) return parsed;
  throw unsuitable(
    expression,
    `${JSON.stringify(value.text)} is no duration; write a number with a unit of ns, us, ms, s, m or h, as in "1m30s"`,
  );
}

const inWords = (type: TypeSpec): string =>
  type.kind === "list" || type.kind === "map" ? `${type.kind} of texts` : type.kind;

const words = (type: string): string =>
  ({ strings: "list", stringMap: "map" })[type] ?? (Object.hasOwn(wholes, type) ? "number" : type);

function unsuitable(expression: Expression, detail: string): Fault {
  return new Fault(startRange(expression), "Unsuitable value type", `Unsuitable value: ${detail}.`);
}

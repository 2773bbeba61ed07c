import { assertNever } from "../../../lib/errors.ts";
import type { Expression, Match, Operator, Path } from "./expression-types.ts";

/** A filter that cannot be asked of this kind of object: a field that is not there, a comparison that makes no sense. */
export class FilterMismatch extends Error {
  constructor(why: string) {
    super(why);
    this.name = "FilterMismatch";
  }
}

type Names = ReadonlyMap<string, unknown>;
const noNames: Names = new Map();

/** Does the object fit? Unknown fields of the object itself are an error, missing keys inside it are not. */
export function evaluate(expression: Expression, row: object, names: Names = noNames): boolean {
  switch (expression.kind) {
    case "and":
      return evaluate(expression.left, row, names) && evaluate(expression.right, row, names);
    case "or":
      return evaluate(expression.left, row, names) || evaluate(expression.right, row, names);
    case "not":
      return !evaluate(expression.of, row, names);
    case "some":
      return bindings(expression, row, names).some((bound) => evaluate(expression.of, row, bound));
    case "every":
      return bindings(expression, row, names).every((bound) => evaluate(expression.of, row, bound));
    case "match": {
      const found = lookUp(expression.match.path, row, names);
      return found === undefined
        ? fitsWhenAbsent(expression.match.operator)
        : fits(expression.match, found.value);
    }
    default:
      return assertNever(expression);
  }
}

/** undefined: a key that is not there. */
function lookUp(path: Path, row: object, names: Names): { readonly value: unknown } | undefined {
  const [first = "", ...rest] = path;
  if (!names.has(first) && !Object.hasOwn(row, first))
    throw new FilterMismatch(
      `error finding value in datum: /${path.join("/")} at part 0: couldn't find key: struct field with name ${JSON.stringify(first)}`,
    );
  let value: unknown = names.has(first)
    ? names.get(first)
    : Object.entries(row).find(([name]) => name === first)?.[1];
  for (const part of rest) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return { value };
}

/** What an operator says of a key that is not there: the negative ones are true. */
const fitsWhenAbsent = (operator: Operator): boolean =>
  operator === "not equal" ||
  operator === "not in" ||
  operator === "not matches" ||
  operator === "empty" ||
  operator === "nil";

function fits(match: Match, value: unknown): boolean {
  switch (match.operator) {
    case "equal":
      return isEqual(value, match.value);
    case "not equal":
      return !isEqual(value, match.value);
    case "in":
      return holds(value, match.value);
    case "not in":
      return !holds(value, match.value);
    case "empty":
      return isEmpty(value);
    case "not empty":
      return !isEmpty(value);
    case "nil":
      return isNil(value);
    case "not nil":
      return !isNil(value);
    case "matches":
      return matchesPattern(match, value);
    case "not matches":
      return !matchesPattern(match, value);
    default:
      return assertNever(match.operator);
  }
}

/** The filter's text is read as the field's type. null is the zero value: an id that is not set equals "". */
function isEqual(value: unknown, wanted: string): boolean {
  if (isNil(value)) return wanted === "";
  if (typeof value === "string") return value === wanted;
  if (typeof value === "boolean") return value === booleanOf(wanted);
  if (typeof value === "number") return value === numberOf(wanted);
  throw new FilterMismatch("unable to find suitable primitive comparison function for matching");
}

function booleanOf(text: string): boolean {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return false;
  throw new FilterMismatch(
    `error getting match value in expression: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

function numberOf(text: string): number {
  if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  throw new FilterMismatch(
    `error getting match value in expression: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

/** A part of a text, an item of a list, or a key of a map. */
function holds(value: unknown, wanted: string): boolean {
  if (isNil(value)) return false;
  if (typeof value === "string") return value.includes(wanted);
  if (Array.isArray(value))
    return value.some((item: unknown) => !isNil(item) && isEqual(item, wanted));
  if (typeof value === "object") return Object.hasOwn(value ?? {}, wanted);
  throw new FilterMismatch("cannot perform in/contains operations on this type of field");
}

function isEmpty(value: unknown): boolean {
  if (isNil(value) || value === "") return true;
  if (typeof value === "string") return false;
  if (typeof value === "object") return Object.keys(value ?? {}).length === 0;
  throw new FilterMismatch("cannot perform is empty operations on this type of field");
}

const isNil = (value: unknown): boolean => value === null || value === undefined;

function matchesPattern(match: Match, value: unknown): boolean {
  if (isNil(value)) return match.pattern?.("") ?? false;
  if (typeof value !== "string")
    throw new FilterMismatch("value of the field is not a text and cannot be matched");
  return match.pattern?.(value) ?? false;
}

/** One set of names for each item of a list, or each pair of a map. */
function bindings(
  { path, names: wanted }: Extract<Expression, { kind: "some" | "every" }>,
  row: object,
  names: Names,
): readonly Names[] {
  const value = lookUp(path, row, names)?.value;
  if (isNil(value)) return [];
  if (typeof value !== "object")
    throw new FilterMismatch(`${path.join(".")} is neither a list nor a map`);
  const isList = Array.isArray(value);
  return Object.entries(value ?? {}).map(([key, item]: [string, unknown]) => {
    const parts = wanted.length === 2 ? [key, item] : [isList ? item : key];
    return new Map([...names, ...wanted.map((name, at) => [name, parts[at]] as const)]);
  });
}

import { expect, test } from "vitest";
import {
  anyType,
  isConvertible,
  isSameType,
  typeKey,
  typeOf,
} from "../../../../src/jobspec/core/hcl/types.ts";
import type { TypeSpec } from "../../../../src/jobspec/core/hcl/value-types.ts";
import { fromJson } from "../../support.ts";

test("the type of a value is told for every part of it", () => {
  expect(typeOf(fromJson([1, "a", true, null]))).toEqual({
    kind: "tuple",
    items: [{ kind: "number" }, { kind: "string" }, { kind: "bool" }, { kind: "any" }],
  });
  expect(typeOf(fromJson({ a: [] }))).toEqual({
    kind: "object",
    attributes: new Map([["a", { kind: "tuple", items: [] }]]),
  });
});

const string: TypeSpec = { kind: "string" };
const number: TypeSpec = { kind: "number" };
const list = (of: TypeSpec): TypeSpec => ({ kind: "list", of });
const set = (of: TypeSpec): TypeSpec => ({ kind: "set", of });
const map = (of: TypeSpec): TypeSpec => ({ kind: "map", of });
const tuple = (...items: readonly TypeSpec[]): TypeSpec => ({ kind: "tuple", items });
const object = (attributes: { readonly [name: string]: TypeSpec }): TypeSpec => ({
  kind: "object",
  attributes: new Map(Object.entries(attributes)),
});
const all: readonly TypeSpec[] = [
  anyType,
  string,
  number,
  { kind: "bool" },
  list(string),
  list(number),
  list(list(string)),
  set(string),
  map(string),
  map(number),
  tuple(),
  tuple(string),
  tuple(string, number),
  object({}),
  object({ a: string }),
  object({ a: string, b: number }),
];

test("a type is the same as itself only, in whatever order its attributes are written", () => {
  for (const [at, one] of all.entries())
    for (const [other, two] of all.entries()) {
      expect(isSameType(one, two), `${typeKey(one)} ${typeKey(two)}`).toBe(at === other);
      expect(typeKey(one) === typeKey(two)).toBe(at === other);
    }
  const turned = object({ b: number, a: string });
  expect(isSameType(turned, object({ a: string, b: number }))).toBe(true);
  expect(typeKey(turned)).toBe(typeKey(object({ a: string, b: number })));
});

test.each<readonly [TypeSpec, TypeSpec, boolean]>([
  [number, string, true],
  [string, number, true],
  [{ kind: "bool" }, number, false],
  [list(string), string, false],
  [list(string), set(number), true],
  [set(string), list(string), true],
  [list({ kind: "bool" }), list(number), false],
  [tuple(), list(number), true],
  [tuple(string, { kind: "bool" }), list(number), false],
  [list(string), tuple(string), false],
  [tuple(string), tuple(number), true],
  [tuple(string), tuple(string, string), false],
  [object({ a: string }), map(number), true],
  [object({ a: list(string) }), map(number), false],
  [map(string), object({ a: number }), true],
  [map(list(string)), object({ a: number }), false],
  [object({ a: string, b: number }), object({ a: number }), true],
  [object({}), object({ a: number }), false],
  [list(string), object({}), false],
  [map(string), list(string), false],
  [anyType, list(string), true],
  [list(string), anyType, true],
])("%j to %j: %s", (from, to, isThere) => {
  expect(isConvertible(from, to)).toBe(isThere);
});

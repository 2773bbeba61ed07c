import { expect, test } from "vitest";
import { anyType } from "../../../../src/jobspec/core/hcl/types.ts";
import type { TypeSpec } from "../../../../src/jobspec/core/hcl/value-types.ts";
import type { Json } from "../../../../src/lib/json.ts";
import { fromJson } from "../../support.ts";
import {
  compareText,
  convertValue,
  equalValues,
  setValue,
  toJson,
} from "../../../../src/jobspec/core/hcl/value.ts";

test("text, numbers and bools convert where the language says so", () => {
  expect(convertValue(fromJson("3"), { kind: "number" })).toEqual(fromJson(3));
  expect(convertValue(fromJson(1.5), { kind: "string" })).toEqual(fromJson("1.5"));
  expect(convertValue(fromJson(1), { kind: "bool" })).toBeUndefined();
});

test("objects drop what their type does not have", () => {
  const type = {
    kind: "object",
    attributes: new Map([["a", { kind: "number" } as const]]),
  } as const;
  const converted = convertValue(fromJson({ a: "1", b: 2 }), type);
  expect(converted && toJson(converted)).toEqual({ a: 1 });
  expect(convertValue(fromJson({ b: 2 }), type)).toBeUndefined();
});

test("sets are sorted and hold everything once", () => {
  expect(toJson(setValue([3, 1, 2, 1].map(fromJson), anyType))).toEqual([1, 2, 3]);
});

test("sets are equal whatever order their elements came in", () => {
  const set = (...lists: readonly number[][]) => setValue(lists.map(fromJson), anyType);
  expect(equalValues(set([1], [2]), set([2], [1]))).toBe(true);
  expect(equalValues(set([1], [2]), set([2], [3]))).toBe(false);
  const nested = [
    setValue([set([1], [2]), set([2], [1])], anyType),
    setValue([set([2], [1])], anyType),
  ] as const;
  expect(equalValues(...nested)).toBe(true);
});

test("equality looks into collections and not across types", () => {
  expect(equalValues(fromJson([1, { a: "x" }]), fromJson([1, { a: "x" }]))).toBe(true);
  expect(equalValues(fromJson("1"), fromJson(1))).toBe(false);
});

test("text is ordered by code point", () => {
  expect(compareText("\u{1F6A2}", "\uFFFD")).toBeGreaterThan(0);
});

test("collections of unlike length or keys are not equal", () => {
  const unlike: readonly (readonly [Json, Json])[] = [
    [[1], [1, 2]],
    [[1, 2], [1]],
    [[], [null]],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 2 }],
    [[1], { 0: 1 }],
  ];
  for (const [a, b] of unlike) expect(equalValues(fromJson(a), fromJson(b))).toBe(false);
});

test("sets of one type are in order, and mixed ones stay as they came", () => {
  expect(toJson(setValue([true, false, true].map(fromJson), anyType))).toEqual([false, true]);
  expect(toJson(setValue(["b", "", "a"].map(fromJson), anyType))).toEqual(["", "a", "b"]);
  expect(toJson(setValue([true, null, false, null].map(fromJson), anyType))).toEqual([
    true,
    null,
    false,
  ]);
  expect(
    toJson(setValue([{ b: 1, a: 2 }, { a: 2, b: 1 }, [1], [1]].map(fromJson), anyType)),
  ).toEqual([{ b: 1, a: 2 }, [1]]);
});

test.each<readonly [Json, TypeSpec, Json | undefined]>([
  ["true", { kind: "bool" }, true],
  ["1", { kind: "bool" }, true],
  ["false", { kind: "bool" }, false],
  ["0", { kind: "bool" }, false],
  ["yes", { kind: "bool" }, undefined],
  [true, { kind: "string" }, "true"],
  [true, { kind: "number" }, undefined],
  ["x", { kind: "number" }, undefined],
  [[1], { kind: "string" }, undefined],
  [null, { kind: "string" }, null],
  [[1, "2"], { kind: "list", of: { kind: "number" } }, [1, 2]],
  [[1, "x"], { kind: "list", of: { kind: "number" } }, undefined],
  [{ a: 1 }, { kind: "list", of: { kind: "number" } }, undefined],
  [["b", "a", "b"], { kind: "set", of: { kind: "string" } }, ["a", "b"]],
  [{ a: 1 }, { kind: "map", of: { kind: "string" } }, { a: "1" }],
  [{ a: [] }, { kind: "map", of: { kind: "string" } }, undefined],
  [[1], { kind: "map", of: { kind: "string" } }, undefined],
  [["1", 2], { kind: "tuple", items: [{ kind: "number" }, { kind: "string" }] }, [1, "2"]],
  [["1"], { kind: "tuple", items: [{ kind: "number" }, { kind: "string" }] }, undefined],
  [["x"], { kind: "tuple", items: [{ kind: "number" }] }, undefined],
  [{ a: 1 }, { kind: "tuple", items: [] }, undefined],
  [{ a: "x" }, { kind: "object", attributes: new Map([["a", { kind: "number" }]]) }, undefined],
  [[1], { kind: "object", attributes: new Map() }, undefined],
])("%j as %j is %j", (from, type, wanted) => {
  const converted = convertValue(fromJson(from), type);
  expect(converted === undefined ? undefined : toJson(converted)).toEqual(wanted);
});

test("text is ordered by its letters and then by its length", () => {
  expect(["b", "ab", "a", "\u{1F6A2}", "\uFFFD", "\uD7FF", ""].sort(compareText)).toEqual([
    "",
    "a",
    "ab",
    "b",
    "\uD7FF",
    "\uFFFD",
    "\u{1F6A2}",
  ]);
});

import { expect, test } from "vitest";
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
  expect(toJson(setValue([3, 1, 2, 1].map(fromJson)))).toEqual([1, 2, 3]);
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
  expect(toJson(setValue([true, false, true].map(fromJson)))).toEqual([false, true]);
  expect(toJson(setValue(["b", "", "a"].map(fromJson)))).toEqual(["", "a", "b"]);
  expect(toJson(setValue([true, null, false, null].map(fromJson)))).toEqual([true, null, false]);
  expect(toJson(setValue([{ b: 1, a: 2 }, { a: 2, b: 1 }, [1], [1]].map(fromJson)))).toEqual([
    { b: 1, a: 2 },
    [1],
  ]);
});

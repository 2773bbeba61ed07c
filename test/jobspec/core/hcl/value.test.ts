import { expect, test } from "vitest";
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

test("sets are equal whatever order their elements came in", () => {
  const set = (...lists: readonly number[][]) => setValue(lists.map(fromJson));
  expect(equalValues(set([1], [2]), set([2], [1]))).toBe(true);
  expect(equalValues(set([1], [2]), set([2], [3]))).toBe(false);
  const nested = [setValue([set([1], [2]), set([2], [1])]), setValue([set([2], [1])])] as const;
  expect(equalValues(...nested)).toBe(true);
});

test("equality looks into collections and not across types", () => {
  expect(equalValues(fromJson([1, { a: "x" }]), fromJson([1, { a: "x" }]))).toBe(true);
  expect(equalValues(fromJson("1"), fromJson(1))).toBe(false);
});

test("text is ordered by code point", () => {
  expect(compareText("\u{1F6A2}", "\uFFFD")).toBeGreaterThan(0);
});

import { expect, test } from "vitest";
import type { Json } from "../../../../src/lib/json.ts";
import { typeOf } from "../../../../src/jobspec/core/hcl/types.ts";
import { unifyTypes } from "../../../../src/jobspec/core/hcl/unify.ts";
import { convertValue, toJson } from "../../../../src/jobspec/core/hcl/value.ts";
import type { Value } from "../../../../src/jobspec/core/hcl/value-types.ts";
import { fromJson } from "../../support.ts";

/** All values in the type that they come to; undefined where there is none or one does not fit after all. */
function unifyValues(values: readonly Value[]): readonly Value[] | undefined {
  const type = unifyTypes(values.map(typeOf));
  const converted = values.map((value) => type && convertValue(value, type));
  return converted.includes(undefined) ? undefined : converted.filter((one) => one !== undefined);
}

const unified = (...values: readonly Json[]): readonly Json[] | undefined =>
  unifyValues(values.map(fromJson))?.map(toJson);

test("values come to one type where the language has one", () => {
  const cases: readonly (readonly [readonly Json[], readonly Json[] | undefined])[] = [
    [[], []],
    [
      [null, null],
      [null, null],
    ],
    [
      [1, null],
      [1, null],
    ],
    [
      [1, "a"],
      ["1", "a"],
    ],
    [
      [true, "a", 1],
      ["true", "a", "1"],
    ],
    [[true, 1], undefined],
    [[1, [1]], undefined],
    [[{ a: 1 }, [1]], undefined],
    [
      [
        [1, "a"],
        ["b", 2],
      ],
      [
        ["1", "a"],
        ["b", "2"],
      ],
    ],
    [
      [[1], ["a", true]],
      [["1"], ["a", "true"]],
    ],
    [
      [[], [1]],
      [[], [1]],
    ],
    [[[1], [true, 2]], undefined],
    [[[1], [true]], undefined],
    [
      [{ a: 1 }, { a: "x" }],
      [{ a: "1" }, { a: "x" }],
    ],
    [
      [{ a: 1, b: true }, { c: "x" }],
      [{ a: "1", b: "true" }, { c: "x" }],
    ],
    [
      [{ a: 1 }, {}],
      [{ a: 1 }, {}],
    ],
    [[{ a: 1 }, { b: true }], undefined],
    [
      [{ a: [1] }, { a: ["x", 2] }],
      [{ a: ["1"] }, { a: ["x", "2"] }],
    ],
    [
      [{ a: null }, { a: 1 }],
      [{ a: null }, { a: 1 }],
    ],
  ];
  for (const [values, wanted] of cases)
    expect(unified(...values), JSON.stringify(values)).toEqual(wanted);
});

test("a list and a tuple become a list, a set wins over a tuple", () => {
  const list = convertValue(fromJson([1]), { kind: "list", of: { kind: "number" } });
  const set = convertValue(fromJson(["2", "3"]), { kind: "set", of: { kind: "string" } });
  if (list === undefined || set === undefined) throw new Error("not converted");
  const types = (...values: readonly Parameters<typeof unifyValues>[0][number][]) =>
    unifyValues(values)?.map(({ type }) => type);
  expect(types(list, fromJson(["x"]))).toEqual(["list", "list"]);
  expect(types(fromJson(["x"]), set)).toEqual(["set", "set"]);
  expect(types(list, set)).toEqual(["list", "list"]);
  expect(types(set, list)).toEqual(["list", "list"]);
  expect(types(fromJson({ a: 1 }), fromJson({ b: 2 }))).toEqual(["map", "map"]);
});

test("elements of a list of anything come to one type", () => {
  const any = { kind: "list", of: { kind: "any" } } as const;
  const listed = (...items: readonly Json[]): Value | undefined =>
    convertValue(fromJson(items), any);
  expect(listed(1, "a")).toMatchObject({ items: ["1", "a"].map(fromJson), of: { kind: "string" } });
  expect(listed()).toMatchObject({ items: [], of: { kind: "any" } });
  expect(listed(null, null)).toMatchObject({ of: { kind: "any" } });
  expect(listed(1, true)).toBeUndefined();
  expect(listed(1, null, [])).toBeUndefined();
});

test("where a null may yet be anything, types that have nothing in common may, too", () => {
  const type = unifyTypes([1, [2], null, true].map(fromJson).map(typeOf));
  expect(type).toEqual({ kind: "any" });
  expect(unifyTypes([{}, [2], null].map(fromJson).map(typeOf))).toBeUndefined();
});

test("objects of one shape keep a type for each attribute", () => {
  expect(unified({ a: 1, b: "x" }, { a: 2, b: true })).toEqual([
    { a: 1, b: "x" },
    { a: 2, b: "true" },
  ]);
  expect(unified({ a: 1, b: "x" }, { a: true, b: "y" })).toBeUndefined();
});

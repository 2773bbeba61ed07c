import { describe, expect, test } from "vitest";
import { Binding, differences, shapeDifferences } from "./player/match.ts";

const paths = (expected: unknown, actual: unknown, binding = new Binding()) =>
  differences(expected, actual, binding).map((one) => one.path);
const a = "11111111-1111-4111-8111-111111111111";
const b = "22222222-2222-4222-8222-222222222222";

describe("placeholders", () => {
  test.each<[string, unknown]>([
    ["@uuid:1", a],
    ["@ns", 1_700_000_000_000_000_000],
    ["@time", "2026-01-02T03:04:05.123Z"],
    ["@index", 7],
    ["@int", 0],
    ["@number", 1.5],
    ["@bool", false],
    ["@ip", "127.0.0.1"],
    ["node @uuid:1 at @time", `node ${a} at 2026-01-02T03:04:05Z`],
    ["took @number", "took 1.2s"],
  ])("%s stands for %j", (expected, actual) => {
    expect(paths(expected, actual)).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["@uuid:1", "not an id"],
    ["@index", 0],
    ["@ns", "text"],
    ["@string", ""],
    ["@bool", 1],
    ["node @uuid:1", `node ${a} and more`],
    ["plain", "Plain"],
  ])("%s does not stand for %j", (expected, actual) => {
    expect(paths(expected, actual)).toEqual(["$"]);
  });
});

test("equal numbers are equal ids, and two numbers are never one id", () => {
  expect(paths(["@uuid:1", "@uuid:2", "@uuid:1"], [a, b, a])).toEqual([]);
  expect(paths(["@uuid:1", "@uuid:1"], [a, b])).toEqual(["$[1]"]);
  expect(paths(["@uuid:1", "@uuid:2"], [a, a])).toEqual(["$[1]"]);
});

test("null and a missing key are equal, every other key counts", () => {
  expect(paths({ a: 1, b: null }, { a: 1 })).toEqual([]);
  expect(paths({ a: 1 }, { a: 1, b: null })).toEqual([]);
  expect(paths({ a: 1 }, { a: 1, b: 0 })).toEqual(["$.b"]);
  expect(paths({ a: 1, b: 2 }, { a: 1 })).toEqual(["$.b"]);
});

test("ids may be keys, lists have their length, scores a tolerance", () => {
  expect(paths({ "@uuid:1": { x: 1 } }, { [a]: { x: 1 } })).toEqual([]);
  expect(paths([1], [1, 2])).toEqual(["$.length"]);
  expect(paths({ NormScore: 0.5 }, { NormScore: 0.5 + 1e-10 })).toEqual([]);
  expect(paths({ Count: 0.5 }, { Count: 0.5 + 1e-10 })).toEqual(["$.Count"]);
});

test("shapes compare keys and types, keys only keys", () => {
  expect(shapeDifferences({ a: "@int", b: ["@string"] }, { a: 5, b: ["x", "y"] }, "shape")).toEqual(
    [],
  );
  expect(shapeDifferences({ a: "@int" }, { a: "5" }, "shape").map((one) => one.path)).toEqual([
    "$.a",
  ]);
  expect(shapeDifferences({ a: "@int" }, { a: "5" }, "keys")).toEqual([]);
  expect(shapeDifferences({ a: { b: 1 } }, { a: {} }, "keys").map((one) => one.path)).toEqual([
    "$.a.b",
  ]);
});

test("a recording may show only some keys", () => {
  const some = (expected: unknown, actual: unknown, how: "all" | "attributes") =>
    differences(expected, actual, new Binding(how)).map((one) => one.path);
  expect(some([{ a: 1 }], [{ a: 1, b: 2 }], "all")).toEqual([]);
  expect(some([{ a: 1 }], [{ a: 2, b: 2 }], "all")).toEqual(["$[0].a"]);
  const node = { Attributes: { x: "1", y: "@string" } };
  expect(some(node, { Attributes: { x: "1", z: "3" } }, "attributes")).toEqual([]);
  expect(some(node, { Attributes: { x: "1" }, b: 2 }, "attributes")).toEqual(["$.b"]);
});

import { expect, test } from "vitest";
import type { Json } from "../../../src/lib/json.ts";
import { faultOf, valueOf } from "../support.ts";

const set = (items: string): string => `convert(${items}, set(string))`;

test("collection functions give what they give elsewhere", () => {
  const cases: readonly (readonly [string, Json])[] = [
    ["chunklist([1, 2, 3], 2)", [[1, 2], [3]]],
    ["chunklist([1, 2], 0)", [[1, 2]]],
    ["chunklist([], 0)", []],
    ['chunklist([1, "a"], 1)', [["1"], ["a"]]],
    ['coalesce(null, "", "x")', ""],
    ["coalesce(null, 5)", 5],
    ['coalesce(null, 5, "x")', "5"],
    ["coalescelist([], [1])", [1]],
    ['compact(["a", "", null, "b"])', ["a", "b"]],
    ["compact([1, true])", ["1", "true"]],
    ["concat([1], [], [true])", [1, true]],
    ["concat()", []],
    ["contains([1, 2], 2)", true],
    ['contains([1, 2], "2")', false],
    [`contains(${set('["a"]')}, "a")`, true],
    ["contains([[1], [2]], [2])", true],
    ["distinct([2, 1, 2, 1.0])", [2, 1]],
    ['distinct([1, "1"])', ["1"]],
    ["distinct([{ a = 1 }, { a = 1 }])", [{ a: 1 }]],
    ['element(["a", "b"], 5)', "b"],
    ['flatten([["a", ["b"]], [], "c"])', ["a", "b", "c"]],
    [`flatten([${set('["b", "a"]')}, ["c"]])`, ["a", "b", "c"]],
    ['index(["a", "b"], "1")', "b"],
    ['index({ a = 1 }, "a")', 1],
    ["keys({ b = 1, a = 2 })", ["a", "b"]],
    ["values({ b = 1, a = 2 })", [2, 1]],
    ["length([])", 0],
    [`length(${set('["a", "a"]')})`, 1],
    ["length(convert({ a = 1 }, map(number)))", 1],
    ['lookup({ a = 1 }, "a", 2)', 1],
    ['lookup({ a = 1 }, "b", [2])', [2]],
    ['lookup(convert({ a = "x" }, map(string)), "b", 5)', "5"],
    ["merge({ a = 1 }, null, { a = 2, b = 3 })", { a: 2, b: 3 }],
    ["merge()", {}],
    ["merge(null)", null],
    ['setintersection(["1", "2"], [2, 3])', ["2"]],
    ["setintersection([3, 1, 2], [2, 3, 4], [3])", [3]],
    ["setunion([10, 9], [9, 1])", [1, 9, 10]],
    ['setunion(["b"], ["a", "b"])', ["a", "b"]],
    [
      'setproduct(["a", "b"], [1])',
      [
        ["a", 1],
        ["b", 1],
      ],
    ],
    [
      'setproduct([1, "x"], [true])',
      [
        ["1", true],
        ["x", true],
      ],
    ],
    ["setproduct([], [1])", []],
    ["slice([1, 2, 3], 1, 3)", [2, 3]],
    ["slice([1], 1, 1)", []],
    [
      'sort(["b", "a", "B", "\u{1F6A2}", "\uFFFD", 10, 9])',
      ["10", "9", "B", "a", "b", "\uFFFD", "\u{1F6A2}"],
    ],
    [`sort(${set('["b", "a"]')})`, ["a", "b"]],
    ['zipmap(["a", "b"], [1, "x"])', { a: 1, b: "x" }],
    ['zipmap(["a", "a"], [1, 2])', { a: 2 }],
    ['max(convert(["3", "1"], set(number))...)', 3],
  ];
  for (const [text, value] of cases) expect(valueOf(text), text).toEqual(value);
});

test.each([
  ["chunklist([1], -1)", "1,16 Invalid function argument"],
  ["chunklist([1, true], 1)", "1,11 Invalid function argument"],
  ["coalesce()", "1,1 Error in function call"],
  ["coalesce(null)", "1,1 Error in function call"],
  ["coalesce(1, true)", "1,1 Error in function call"],
  ["coalescelist([], [])", "1,1 Error in function call"],
  ['concat([1], "a")', "1,14 Invalid function argument"],
  ["concat(null)", "1,8 Invalid function argument"],
  [`concat(${set('["a"]')})`, "1,8 Invalid function argument"],
  ["element([], 0)", "1,9 Invalid function argument"],
  ["element([1], -1)", "1,14 Invalid function argument"],
  [`element(${set('["a"]')}, 0)`, "1,9 Invalid function argument"],
  ["index([1], 1)", "1,12 Invalid function argument"],
  ["keys([])", "1,6 Invalid function argument"],
  ["length({ a = 1 })", "1,1 Error in function call"],
  ['length("abc")', "1,1 Error in function call"],
  ['lookup({ a = 1 }, "a")', "1,22 Not enough function arguments"],
  ['lookup(convert({ a = 1 }, map(number)), "b", [])', "1,46 Invalid function argument"],
  ["merge([1])", "1,7 Invalid function argument"],
  ["setproduct([1])", "1,15 Not enough function arguments"],
  ["setunion([1], [true])", "1,1 Error in function call"],
  ["slice([1], 0, 2)", "1,15 Invalid function argument"],
  ["slice([1], 1, 0)", "1,12 Invalid function argument"],
  ['sort(["a", null])', "1,6 Invalid function argument"],
  ['zipmap(["a"], [1, 2])', "1,15 Invalid function argument"],
  ["setproduct(range(1000), range(1000))", "1,25 Invalid function argument"],
  ["setsubtract([1], [1])", "1,1 Call to unknown function"],
])("%s is refused", (text, fault) => {
  expect(faultOf(() => valueOf(text))).toBe(fault);
});

import { expect, test } from "vitest";
import type { Json } from "../../../../src/lib/json.ts";
import { evaluateText } from "../../../support/evaluate-text.ts";
import { faultOf, valueOf } from "../../support.ts";

const as = (value: string, type: string): string => `convert(${value}, ${type})`;

/** Things are equal when their types are, too; only null by itself is equal to every null. */
test.each<readonly [text: string, is: boolean]>([
  [`null == ${as("null", "string")}`, true],
  [`${as("null", "string")} == ${as("null", "list(number)")}`, true],
  [`${as("null", "string")} == ""`, false],
  [`[null] == [${as("null", "string")}]`, false],
  [`{ a = null } == { a = ${as("null", "number")} }`, false],
  [`[${as("null", "string")}] == [${as("null", "string")}]`, true],
  [`[] == ${as("[]", "list(string)")}`, false],
  [`${as("[]", "list(string)")} == ${as("[]", "list(string)")}`, true],
  [`${as("[]", "list(string)")} == ${as("[]", "list(number)")}`, false],
  [`${as("[]", "set(string)")} == ${as("[]", "list(string)")}`, false],
  [`${as("{}", "map(string)")} == {}`, false],
  [`${as("{}", "map(string)")} == ${as("{}", "map(bool)")}`, false],
  [`${as("[null]", "list(string)")} == ${as("[null]", "list(number)")}`, false],
  ["[1] == [1.0]", true],
  ['{ a = 1, b = "x" } == { b = "x", a = 1 }', true],
])("%s is %j", (text, is) => {
  expect(valueOf(text)).toBe(is);
  expect(valueOf(text.replace("==", "!="))).toBe(!is);
});

/** What comes out, with its type. */
test.each<readonly [text: string, form: string]>([
  ["null", "null any"],
  [as("null", "list(string)"), "null list(string)"],
  ['true ? null : "x"', "null string"],
  ["true ? [] : null", "tuple()"],
  ['true ? [] : ["a"]', "list(string)()"],
  ["false ? [] : [1, true ? 2 : 3]", "list(number)(1/1, 2/1)"],
  ["true ? {} : { a = 1 }", "map(number){}"],
  ["true ? { a = 1 } : { a = null }", 'object{"a": 1/1}'],
  ["false ? { a = 1 } : { a = null }", 'object{"a": null number}'],
  [`true ? [] : ${as('["a"]', "list(string)")}`, "list(string)()"],
  [`true ? {} : ${as("{ a = true }", "map(bool)")}`, "map(bool){}"],
  [`true ? ["x"] : ${as("[1]", "set(string)")}`, 'set(string)("x")'],
  [`true ? ${as("[1]", "list(number)")} : ${as('["2"]', "set(string)")}`, "list(number)(1/1)"],
  ["true ? [null] : [[1]]", "tuple(null any)"],
  [`${as('["a", null]', "list(string)")}[1]`, "null string"],
  [`${as("[]", "list(object({ a = number }))")}[*].a`, "list(number)()"],
  [`${as("[]", "list(list(number))")}[*][0]`, "list(number)()"],
  [`${as("[]", "list(object({ a = tuple([bool]) }))")}[*]["a"][0]`, "list(bool)()"],
  ["[][*].a", "tuple()"],
  ["null[*]", "tuple()"],
  [`${as("null", "string")}[*]`, "tuple()"],
  ["keys({ b = 1 })", 'tuple("b")'],
  [`keys(${as("{ b = 1 }", "map(number)")})`, 'list(string)("b")'],
  [`keys(${as("{}", "map(number)")})`, "list(string)()"],
  ["values({ b = 1 })", "tuple(1/1)"],
  [`values(${as("{}", "map(number)")})`, "list(number)()"],
  ["concat([1], [true])", "tuple(1/1, true)"],
  [`concat(${as("[1]", "list(number)")}, [2])`, "tuple(1/1, 2/1)"],
  [`concat(${as("[]", "list(number)")}, ${as("[]", "list(string)")})`, "list(string)()"],
  [
    `concat(${as("[[]]", "list(list(bool))")}, ${as("[1]", "list(number)")})`,
    "tuple(list(bool)(), 1/1)",
  ],
  ["merge({ a = 1 }, { b = true })", 'object{"a": 1/1, "b": true}'],
  [`merge(${as("{}", "map(bool)")}, ${as("null", "map(bool)")})`, "map(bool){}"],
  [`merge(${as("{}", "map(bool)")}, null)`, "object{}"],
  [`merge(${as("{ a = 1 }", "map(number)")}, ${as("{}", "map(bool)")})`, 'object{"a": 1/1}'],
  ['flatten([["a"], [[]]])', 'tuple("a")'],
  ["flatten([])", "tuple()"],
  ["distinct([])", "list(any)()"],
  ['distinct([1, "1"])', 'list(string)("1")'],
  ["chunklist([], 2)", "list(list(any))()"],
  ["chunklist([1], 2)", "list(list(number))(list(number)(1/1))"],
  ["compact([])", "list(string)()"],
  ["sort([])", "list(string)()"],
  ["slice([1, true], 0, 1)", "tuple(1/1)"],
  [`slice(${as("[1]", "list(number)")}, 1, 1)`, "list(number)()"],
  ["setproduct([], [1])", "list(tuple(any number))()"],
  [`setproduct(${as("[]", "set(bool)")}, ["a"])`, "set(tuple(bool string))()"],
  ["setunion([], [])", "set(any)()"],
  ["setunion([], [1])", "set(number)(1/1)"],
  [`setintersection(${as("[]", "set(string)")}, [1])`, "set(string)()"],
  ['zipmap(["a"], [1])', 'object{"a": 1/1}'],
  [`zipmap([], ${as("[]", "list(bool)")})`, "map(bool){}"],
  [`lookup(${as('{ a = "1" }', "map(string)")}, "b", 2)`, '"2"'],
  ['lookup({ a = "1" }, "b", 2)', "2/1"],
  ["coalesce(null, 1)", "1/1"],
  ['coalesce(null, ["a"], [1, 2])', 'tuple("a")'],
  ['coalesce(["a"], [1, 2])', 'list(string)("a")'],
  ['split(",", "")', 'list(string)("")'],
  ["range(0)", "list(number)()"],
  ['csvdecode("a,b\\n")', 'list(object("a"=string "b"=string))()'],
  ['jsondecode("[null, {}]")', "tuple(null any, object{})"],
])("%s gives %s", (text, form) => {
  expect(evaluateText(text)).toEqual({ isRight: true, form });
});

/** What a type rules out, also where no value shows it. */
test.each([
  ["true ? convert(null, number) : true", "1,8 Inconsistent conditional result types"],
  ["true ? convert([], list(bool)) : convert([], list(object({})))", "1,8 Inconsistent"],
  [
    'false ? convert([1], list(number)) : convert(["x"], set(string))',
    "1,38 Inconsistent conditional result types",
  ],
  ["convert(convert(null, list(string)), string)", "1,9 Invalid function argument"],
  ["convert(convert([], list(bool)), list(number))", "1,9 Invalid function argument"],
  ['convert(convert(["a"], list(string)), tuple([string]))', "1,9 Invalid function argument"],
  ["convert(null, list(string))[*]", "1,28 Splat of null value"],
  ["convert([], list(string))[*].a", "1,29 Unsupported attribute"],
  ["convert([], list(string))[*][0]", "1,29 Invalid index"],
  ["convert([], list(tuple([string])))[*][1]", "1,38 Invalid index"],
  ["convert([], list(object({ b = string })))[*].a", "1,45 Unsupported attribute"],
  ["upper(convert(null, list(string)))", "1,7 Invalid function argument"],
  ["length(keys({}), 1)", "1,18 Too many function arguments"],
  ["length(merge({ a = 1 }))", "1,1 Error in function call"],
])("%s is refused", (text, fault) => {
  expect(faultOf(() => valueOf(text))).toContain(fault);
});

/** Both sides of a logical operator are worked out: what is wrong on the right counts, whatever the left side says. */
test.each(["false && [][0]", "true || [][0]", "false && null", "true || null", 'false && "x"'])(
  "%s is refused",
  (text) => {
    expect(faultOf(() => valueOf(text))).toMatch(/Invalid (?:index|operand)/);
  },
);

/** Zero has a sign, which shows in text and in nothing else. */
test.each<readonly [text: string, value: Json]>([
  ['"<${-0}>"', "<-0>"],
  ['"<${0}>"', "<0>"],
  ['"<${0 * -1}>"', "<-0>"],
  ['"<${-0 * -1}>"', "<0>"],
  ['"<${-0 + 0}>"', "<0>"],
  ['"<${-0 - 0}>"', "<-0>"],
  ['"<${-0 + -0}>"', "<-0>"],
  ['"<${3 - 3}>"', "<0>"],
  ['"<${-3 + 3}>"', "<0>"],
  ['"<${0 / -5}>"', "<-0>"],
  ['"<${-0 % 3}>"', "<-0>"],
  ['"<${-4 % 2}>"', "<0>"],
  ['"<${convert("-0", number)}>"', "<-0>"],
  ['"<${-convert("-0.0", number)}>"', "<0>"],
  ["-0 == 0", true],
  ["-0 < 0", false],
  ['"<${4 / -0}>"', "<-Inf>"],
  ['"<${abs(-0)}>"', "<0>"],
  ['"<${ceil(-0.5)}>"', "<0>"],
  ['"<${floor(-0)}>"', "<0>"],
  ['"<${signum(-0)}>"', "<0>"],
  ['"<${parseint("-0", 10)}>"', "<0>"],
  ["jsonencode([-0, 0])", "[-0,0]"],
  ['"<${jsondecode("-0")}>"', "<-0>"],
  ["length(convert([0, -0], set(number)))", 1],
  ["{ (-0) = 1 }", { "-0": 1 }],
  ['format("%d %f %v %s", -0, -0, -0, -0)', "0 -0.000000 -0 -0"],
  ["[1, 2][-0]", 1],
])("%s is %j", (text, value) => {
  expect(valueOf(text)).toEqual(value);
});

import { expect, test } from "vitest";
import type { Json } from "../../../src/lib/json.ts";
import { faultOf, valueOf } from "../support.ts";

test("numbers are worked out as elsewhere", () => {
  const cases: readonly (readonly [string, Json])[] = [
    ["abs(-0.5)", 0.5],
    ['abs("-12")', 12],
    ["ceil(-0.5)", 0],
    ["floor(-0.5)", -1],
    ["convert(floor(1e30 + 0.5), string)", "1000000000000000000000000000000"],
    ["signum(-0.1)", -1],
    ["log(8, 2)", 3],
    ["convert(log(50, 10), string)", "1.6989700043360185"],
    ["pow(2, 10)", 1024],
    ["convert(pow(10, -13), string)", "0.0000000000001"],
    ["convert(pow(2, 70), string)", "1180591620717411300000"],
    ["convert(pow(2, 0.5), string)", "1.4142135623730951"],
    ["max(1, 2.5, -1)", 2.5],
    ['min("3", 2)', 2],
    ['parseint("-ff", 16)', -255],
    ['parseint("+12", 10)', 12],
    ['parseint("aZ", 62)', 681],
    ['parseint("Zz", 36)', 1295],
    ['convert(parseint("ffffffffffffffffffff", 16), string)', "1208925819614629174706175"],
    ["range(0)", []],
    ["range(3)", [0, 1, 2]],
    ["range(-2)", [0, -1]],
    ["range(1, 1)", []],
    ["range(5, 0, -2)", [5, 3, 1]],
    ["range(0, 1, 0.5)", [0, 0.5]],
    ["length(range(1024))", 1024],
    ["convert(length([1]) / length([1, 2, 3]), string)", "0.33333333333333333334"],
  ];
  for (const [text, value] of cases) expect(valueOf(text), text).toEqual(value);
});

test.each([
  ["max()", "1,5 Not enough function arguments"],
  ['abs("x")', "1,6 Invalid function argument"],
  ["abs(true)", "1,5 Invalid function argument"],
  ["parseint(12, 10)", "1,10 Invalid function argument"],
  ['parseint("12", 1)', "1,16 Invalid function argument"],
  ['parseint("12", 63)', "1,16 Invalid function argument"],
  ['parseint("9", 8)', "1,11 Invalid function argument"],
  ['parseint("1.5", 10)', "1,11 Invalid function argument"],
  ["range(1, 5, 0)", "1,13 Invalid function argument"],
  ["range(1, 5, -1)", "1,10 Invalid function argument"],
  ["range(5, 1, 1)", "1,10 Invalid function argument"],
  ["range(2000)", "1,1 Error in function call"],
  ["range(1, 2, 3, 4)", "1,1 Error in function call"],
  ["log(-1, 10)", "1,1 Error in function call"],
])("%s is refused", (text, fault) => {
  expect(faultOf(() => valueOf(text))).toBe(fault);
});

import { expect, test } from "vitest";
import {
  add,
  compare,
  divide,
  floor,
  formatBigFloat,
  fromNumber,
  multiply,
  parseBigFloat,
  remainder,
  toNumber,
  zero,
} from "../../../../src/jobspec/core/hcl/big-float.ts";

const read = (text: string) => parseBigFloat(text) ?? zero;
const show = (value: ReturnType<typeof add>) => (value ? formatBigFloat(value) : "none");

test("decimal sums come out as people write them", () => {
  expect(show(add(read("0.1"), read("0.2")))).toBe("0.3");
  expect(show(multiply(read("0.5"), read("0.5")))).toBe("0.25");
  expect(show(divide(read("1"), read("3")))).toMatch(/^0\.3{153,155}[345]?$/);
});

test("a dot may stand first or last, and infinity has a name", () => {
  expect([".5", "5.", "-.5e1", "+3", "007"].map((text) => show(read(text)))).toEqual([
    "0.5",
    "5",
    "-5",
    "3",
    "7",
  ]);
  expect(["Inf", "inf", "+Inf", "-inf"].map((text) => show(read(text)))).toEqual([
    "+Inf",
    "+Inf",
    "+Inf",
    "-Inf",
  ]);
  for (const text of ["", ".", "e5", ".e5", "1e", "--1", "1.2.3", "INF", "0x1", "1_0", " 1"])
    expect(parseBigFloat(text), text).toBeUndefined();
});

test("more digits than are read still count", () => {
  expect(show(read(`1${"0".repeat(12_000)}e-12000`))).toBe("1");
  expect(show(read(`${"0".repeat(12_000)}1`))).toBe("1");
  expect(show(read("1".repeat(20_000)))).toBe("+Inf");
});

test("whole numbers of any size stay exact", () => {
  expect(show(read("9223372036854775808"))).toBe("9223372036854775808");
  expect(show(read("1e21"))).toBe("1000000000000000000000");
  expect(toNumber(read("1.5e-3"))).toBe(0.0015);
});

test("division by zero is infinite, and the rest of it is the number itself", () => {
  expect(show(divide(read("4"), zero))).toBe("+Inf");
  expect(divide(zero, zero)).toBeUndefined();
  expect(show(remainder(read("5"), zero))).toBe("5");
  expect(show(remainder(read("-7"), read("3")))).toBe("-1");
});

test("floor goes down and comparing goes by size", () => {
  expect(show(floor(fromNumber(-1.1)))).toBe("-2");
  expect(compare(read("0.5"), read("0.25"))).toBeGreaterThan(0);
});

test("huge exponents end in infinity or zero instead of memory", () => {
  expect(show(read("1e999999999"))).toBe("+Inf");
  expect(show(read("1e-999999999"))).toBe("0");
});

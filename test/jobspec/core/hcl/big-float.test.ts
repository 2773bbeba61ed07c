import { expect, test } from "vitest";
import {
  add,
  compare,
  divide,
  floor,
  formatBigFloat,
  fromBigInt,
  fromDouble,
  fromNumber,
  infinity,
  isWhole,
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

test("what is infinite stays infinite, and keeps the sign of the product", () => {
  expect(multiply(infinity(1), read("2"))).toEqual(infinity(1));
  expect(multiply(read("-0.5"), infinity(1))).toEqual(infinity(-1));
  expect(multiply(infinity(-1), infinity(-1))).toEqual(infinity(1));
  expect(multiply(infinity(1), zero)).toBeUndefined();
  expect(multiply(read("2"), read("-3"))).toEqual(read("-6"));
});

test("numbers of few bits are told with as many digits as they have", () => {
  expect(show(fromDouble(2 ** 100))).toBe("1267650600228229400000000000000");
  expect(show(fromDouble(-(2 ** 100)))).toBe("-1267650600228229400000000000000");
  expect(show(fromDouble(0.1))).toBe("0.1");
  expect(show(fromDouble(2 ** 53))).toBe("9007199254740992");
  expect(show(fromDouble(2 ** 54 + 4))).toBe("18014398509481988");
  expect(show(fromDouble(2 ** 53 + 2))).toBe("9007199254740994");
  expect(show(read("1e200"))).toBe(`1${"0".repeat(200)}`);
  expect(show(read(`-9${"8".repeat(180)}`))).toMatch(/^-98{152,155}9?0{25,28}$/);
});

test("the sign of a quotient by nothing or of the infinite is kept", () => {
  expect(divide(read("-4"), zero)).toEqual(infinity(-1));
  expect(divide(read("4"), zero)).toEqual(infinity(1));
  expect(divide(infinity(1), read("-2"))).toEqual(infinity(-1));
  expect(divide(infinity(-1), read("-2"))).toEqual(infinity(1));
  expect(divide(infinity(1), read("2"))).toEqual(infinity(1));
  expect(divide(read("2"), infinity(1))).toEqual(zero);
  expect(divide(infinity(1), infinity(1))).toBeUndefined();
});

test("the infinite adds up and compares", () => {
  expect(add(infinity(1), infinity(1))).toEqual(infinity(1));
  expect(add(infinity(1), infinity(-1))).toBeUndefined();
  expect(add(read("1"), infinity(-1))).toEqual(infinity(-1));
  expect(add(infinity(1), read("-1"))).toEqual(infinity(1));
  expect(compare(infinity(1), read("1e300"))).toBeGreaterThan(0);
  expect(compare(read("1"), infinity(-1))).toBeGreaterThan(0);
  expect(compare(infinity(1), infinity(1))).toBe(0);
  expect([toNumber(infinity(1)), toNumber(infinity(-1))]).toEqual([
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
  expect([show(infinity(1)), show(infinity(-1))]).toEqual(["+Inf", "-Inf"]);
  expect(floor(infinity(1))).toEqual(infinity(1));
  expect([isWhole(infinity(1)), isWhole(read("2")), isWhole(read("2.5")), isWhole(zero)]).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

test("numbers are read as they are written, or not at all", () => {
  expect([show(read("-1.50")), show(read("+2e2")), show(read("2E-1"))]).toEqual([
    "-1.5",
    "200",
    "0.2",
  ]);
  for (const text of ["", ".", "1e", "1..2", "--1", "0x1", "1 "])
    expect(parseBigFloat(text), text).toBeUndefined();
  expect(show(read("-1e999999999"))).toBe("-Inf");
  expect(show(read("1e6000"))).toBe(`1${"0".repeat(6000)}`);
});

test("what lies in the middle is rounded to the even neighbour", () => {
  const wide = 2n ** 512n;
  expect(fromBigInt(wide + 1n)).toEqual(fromBigInt(wide));
  expect(fromBigInt(wide + 3n)).toEqual(fromBigInt(wide + 4n));
  expect(fromBigInt(-wide - 3n)).toEqual(fromBigInt(-wide - 4n));
  expect(fromBigInt(2n * wide + 3n)).toEqual(fromBigInt(2n * wide + 4n));
  expect(fromBigInt(wide - 1n)).not.toEqual(fromBigInt(wide));
});

test("numbers end where writing them out would only cost memory", () => {
  const power = (exponent: number) => fromBigInt(2n ** BigInt(exponent));
  expect(power(19_999).infinite).toBe(0);
  expect(power(20_000)).toEqual(infinity(1));
  expect(fromBigInt(-(2n ** 20_000n))).toEqual(infinity(-1));
  const tiny = divide(read("1"), power(19_999)) ?? zero;
  expect(compare(tiny, zero)).toBeGreaterThan(0);
  expect(compare(multiply(tiny, read("0.5")) ?? zero, zero)).toBeGreaterThan(0);
  expect(multiply(tiny, read("0.25"))).toEqual(zero);
});

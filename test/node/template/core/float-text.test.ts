import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatFloat } from "../../../../src/node/template/core/float-text.ts";

test.each([
  [0, "g", undefined, "0"],
  [-0, "g", undefined, "-0"],
  [1e6, "g", undefined, "1e+06"],
  [123456, "g", undefined, "123456"],
  [0.0001, "g", undefined, "0.0001"],
  [0.00001, "g", undefined, "1e-05"],
  [2.5, "f", 0, "2"],
  [3.5, "f", 0, "4"],
  [0.5, "f", 0, "0"],
  [0.95, "f", 1, "0.9"],
  [9.96, "f", 1, "10.0"],
  [1.005, "f", 2, "1.00"],
  [1e23, "f", 0, "99999999999999991611392"],
  [5e-324, "e", 3, "4.941e-324"],
  [99999, "e", 2, "1.00e+05"],
  [1234.5678, "g", 3, "1.23e+03"],
  [100, "g", 3, "100"],
  [Number.NaN, "f", 2, "NaN"],
  [Infinity, "g", undefined, "+Inf"],
  [-Infinity, "g", undefined, "-Inf"],
] as const)("%d as %s with precision %s is %s", (value, verb, precision, expected) => {
  expect(formatFloat(value, verb, precision)).toBe(expected);
});

test("the shortest form means the same number", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      for (const verb of ["e", "f", "g"] as const)
        expect(Number(formatFloat(value, verb))).toBe(value);
    }),
  );
});

test("many digits agree with what the host prints exactly", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 17, max: 60 }),
      (value, precision) => {
        expect(Number(formatFloat(value, "e", precision))).toBe(value);
      },
    ),
  );
});

import { assert, jsonValue, property } from "fast-check";
import { expect, test } from "vitest";
import { isDeepEqual } from "../../src/lib/deep-equal.ts";
import { equalSteps } from "../../src/lib/equal-steps.ts";
import { finishSteps } from "../../src/lib/finish-steps.ts";

const isEqual = (a: unknown, b: unknown): boolean => finishSteps(equalSteps(a, b));
const long = Array.from({ length: 3000 }, (_, n) => n);

test("the steps end with the answer of isDeepEqual", () => {
  assert(
    property(jsonValue(), jsonValue(), (a, b) => {
      for (const other of [b, structuredClone(a)]) {
        expect(isEqual(a, other)).toBe(isDeepEqual(a, other));
        const [x, y] = [
          { long, items: [a, long] },
          { items: [other, [...long]], long: [...long] },
        ];
        expect(isEqual(x, y)).toBe(isDeepEqual(x, y));
      }
    }),
  );
});

test.each([
  [long, Object.fromEntries(Object.entries(long))],
  [long, [...long, 1]],
  [
    { long, a: undefined },
    { long, b: undefined },
  ],
  [{ long }, { long, b: 1 }],
  [{ long }, null],
])("large values that differ: case %#", (a, b) => {
  expect(isEqual(a, b)).toBe(false);
  expect(isEqual(b, a)).toBe(false);
});

test("there are stops between the parts of what is large, and none within what is small", () => {
  const groups = Array.from({ length: 200 }, (_, n) => ({ n, list: [1, 2, 3, 4, 5, 6, 7, 8, 9] }));
  const steps = equalSteps({ groups }, { groups: structuredClone(groups) });
  let stops = 0;
  while (steps.next().done !== true) stops += 1;
  expect(stops).toBeGreaterThan(199);
  expect(equalSteps({ a: [1] }, { a: [1] }).next().done).toBe(true);
});

import { expect, test } from "vitest";
import { isDeepEqual } from "../../src/lib/deep-equal.ts";

test.each([
  [1, 1, true],
  [1, "1", false],
  [null, null, true],
  [null, {}, false],
  [[], {}, false],
  [[1, 2], [2, 1], false],
  [[1], [1, 2], false],
  [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
  [{ a: undefined }, { b: undefined }, false],
  [{ a: 1 }, { a: 1, b: 2 }, false],
])("%j and %j: %s", (a, b, equal) => {
  expect(isDeepEqual(a, b)).toBe(equal);
  expect(isDeepEqual(b, a)).toBe(equal);
});

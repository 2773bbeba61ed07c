import { expect, test } from "vitest";
import { formatIdSet, parseIdSet } from "../../src/lib/id-set.ts";

test.each([
  ["", []],
  ["3", [3]],
  ["0-2,5", [0, 1, 2, 5]],
  [" 5 , 0 - 1,1", [0, 1, 5]],
  ["65535", [65_535]],
])("%j is a set", (text, ids) => {
  expect(parseIdSet(text)).toEqual(ids);
});

test.each(["x", "1-", "-1", "3-1", "1,,2", "0-65536", "0-99999999999", "1.5"])(
  "%j is none",
  (text) => {
    expect(parseIdSet(text)).toBeUndefined();
  },
);

test("a set is written with ranges, in order", () => {
  expect(formatIdSet([5, 1, 0, 2])).toBe("0-2,5");
  expect(formatIdSet([])).toBe("");
});

import { expect, test } from "vitest";
import { faultAt, formatFault, PlacedFault } from "../../../../src/node/template/core/faults.ts";

test.each([
  ["abc", 0, 1, 1],
  ["abc", 2, 1, 3],
  ["a\nbc", 2, 2, 1],
  ["a\nbc\n", 5, 3, 1],
])("in %j the place %i is line %i, column %i", (text, at, line, column) => {
  expect(faultAt(text, new PlacedFault("bad", at))).toEqual({
    message: "bad",
    start: { line, column },
  });
});

test("a fault is printed behind the name of its file and its place", () => {
  expect(formatFault("local/a.conf", { message: "bad", start: { line: 3, column: 7 } })).toBe(
    "local/a.conf:3:7: bad",
  );
});

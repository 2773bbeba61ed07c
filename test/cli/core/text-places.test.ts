import { expect, test } from "vitest";
import { createTextPlaces } from "../../../src/cli/core/text-places.ts";

test("a line comes without its end", () => {
  const places = createTextPlaces("ab\r\nc\u00E9\n");
  expect(places.line(1)).toBe("ab");
  expect(places.line(2)).toEqual(["c", "\u00E9"]);
  expect(places.line(3)).toBe("");
  expect(places.line(9)).toBe("");
});

test("bytes are those of the file, columns those that people see", () => {
  const text = "\uFEFFab\r\n\u00E9\u20AC\u{1F6A2}e\u0301x\nz";
  const places = createTextPlaces(text);
  const bytesBefore = (part: string): number =>
    Buffer.from(text.slice(0, text.indexOf(part))).length;
  expect(places.byteAt({ line: 1, column: 1 })).toBe(3);
  expect(places.byteAt({ line: 1, column: 2 })).toBe(4);
  expect(places.byteAt({ line: 2, column: 1 })).toBe(7);
  expect(places.byteAt({ line: 2, column: 5 })).toBe(bytesBefore("x"));
  expect(places.byteAt({ line: 3, column: 1 })).toBe(bytesBefore("z"));
  expect(places.byteAt({ line: 9, column: 1 })).toBe(Buffer.from(text).length + 1);
});

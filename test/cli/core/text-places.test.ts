import { expect, test } from "vitest";
import { createTextPlaces, inOrder } from "../../../src/cli/core/text-places.ts";
import type { Diagnostic } from "../../../src/lib/diagnostic.ts";

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

test("faults come file by file in the order of the text, those without a place first", () => {
  const fault = (file: string | undefined, line: number, column: number): Diagnostic => ({
    severity: "error",
    summary: `${file} ${line},${column}`,
    detail: "",
    ...(file === undefined ? {} : { file, start: { line, column } }),
  });
  const { start, ...about } = fault("b", 2, 1);
  const faults = [
    fault("b", 3, 1),
    fault("a", 1, 9),
    fault("b", 1, 2),
    fault("a", 1, 1),
    fault(undefined, 0, 0),
    { ...about, ...(start ? { about: { file: "b", start, end: start } } : {}) },
  ];
  expect(inOrder(faults).map((one) => one.summary)).toEqual([
    "undefined 0,0",
    "b 1,2",
    "b 2,1",
    "b 3,1",
    "a 1,1",
    "a 1,9",
  ]);
});

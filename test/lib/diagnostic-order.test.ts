import { expect, test } from "vitest";
import { inOrder } from "../../src/lib/diagnostic-order.ts";
import type { Diagnostic } from "../../src/lib/diagnostic.ts";

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

import { expect, test } from "vitest";
import { formatDiagnostic } from "../../src/lib/diagnostic.ts";

const fault = { severity: "error", summary: "Bad", detail: "Very.", file: "a" } as const;
const start = { line: 2, column: 3 };

test("the place is told as shortly as it can be", () => {
  expect(formatDiagnostic({ ...fault, start, end: { line: 2, column: 5 } })).toBe(
    "a:2,3-5: Bad; Very.",
  );
  expect(formatDiagnostic({ ...fault, start, end: { line: 4, column: 1 } })).toBe(
    "a:2,3-4,1: Bad; Very.",
  );
  expect(formatDiagnostic({ ...fault, start })).toBe("a:2,3: Bad; Very.");
  expect(formatDiagnostic(fault)).toBe("<nil>: Bad; Very.");
});

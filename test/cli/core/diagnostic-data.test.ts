import { expect, test } from "vitest";
import { diagnosticsData } from "../../../src/cli/core/diagnostic-data.ts";
import type { Diagnostic } from "../../../src/lib/diagnostic.ts";

const bare: Diagnostic = { severity: "error", summary: "Bad", detail: "Very." };
const place = { file: "a", start: { line: 2, column: 1 }, end: { line: 2, column: 2 } };
const texts = new Map([["a", "x\n\u00E9\n"]]);

test("a fault has its place with bytes", () => {
  expect(diagnosticsData([{ ...bare, ...place }], "path/a", texts)).toEqual([
    {
      ...bare,
      file: "a",
      start: { line: 2, column: 1, byte: 2 },
      end: { line: 2, column: 2, byte: 4 },
    },
  ]);
});

test("a fault without a place has that of what it is about, or none", () => {
  const [none, about] = diagnosticsData([{ ...bare, about: place }, bare], "path/a", texts);
  expect(about).toMatchObject({ file: "a", start: { line: 2, byte: 2 } });
  expect(about).not.toHaveProperty("about");
  expect(none).toEqual({ ...bare, file: "path/a" });
});

test("a text that was not read gives no bytes", () => {
  expect(diagnosticsData([{ ...bare, ...place, file: "b" }], "a", texts)).toEqual([
    { ...bare, ...place, file: "b" },
  ]);
});

import { expect, test } from "vitest";
import { diagnosticsText } from "../../../src/cli/core/diagnostic-text.ts";
import { createPaint } from "../../../src/cli/core/paint.ts";
import type { Diagnostic } from "../../../src/lib/diagnostic.ts";

const at = (line: number, from: number, to: number, endLine = line): Diagnostic => ({
  severity: "error",
  summary: "Unsupported argument",
  detail: 'Did you mean "count"?',
  file: "a.nomad",
  start: { line, column: from },
  end: { line: endLine, column: to },
});
const shown = (text: string, ...faults: readonly Diagnostic[]): string =>
  diagnosticsText(faults, new Map([["a.nomad", text]]), createPaint(false));

test("shows the line with a marker under the place, and what to do", () => {
  expect(shown('job "j" {\n  cuont = 1\n}\n', at(2, 3, 8))).toBe(
    [
      "Error: Unsupported argument",
      "  --> a.nomad:2,3-8",
      "    |",
      "  2 |   cuont = 1",
      "    |   ^^^^^",
      '  Did you mean "count"?',
      "",
    ].join("\n"),
  );
});

test("the marker stands under what people see, however wide it is", () => {
  const marker = (text: string, fault: Diagnostic): string | undefined =>
    shown(text, fault).split("\n")[4]?.slice(6);
  expect(marker("\t\ta = b", at(1, 7, 8))).toBe("\t\t    ^");
  expect(marker('"日本\u{1F6A2}" = b', at(1, 9, 10))).toBe("           ^");
  expect(marker('"日本" = b', at(1, 2, 4))).toBe(" ^^^^");
  expect(marker("abc", at(1, 2, 2))).toBe(" ^");
  expect(marker("abc", at(1, 4, 4))).toBe("   ^");
  expect(marker("abcdef", at(1, 3, 2, 4))).toBe("  ^^^^");
});

test("of a long line only the part around the fault is shown", () => {
  const lines = shown(`${"x".repeat(5000)}ERROR${"y".repeat(5000)}`, at(1, 5001, 5006)).split("\n");
  expect(lines[3]).toBe(`  1 | …${"x".repeat(40)}ERROR${"y".repeat(75)}…`);
  expect(lines[4]).toBe(`    | ${" ".repeat(41)}^^^^^`);
});

test("a fault without a place shows what it is about, or only its text", () => {
  const { start, end, file, ...bare } = at(1, 1, 2);
  expect(shown("x = 1", bare)).toBe('Error: Unsupported argument\n  Did you mean "count"?\n');
  expect(
    start && end && file && shown("x = 1", { ...bare, about: { file, start, end } }),
  ).toContain("  --> a.nomad:1,1-2\n    |\n  1 | x = 1\n    | ^\n");
  expect(shown("x = 1", { ...at(1, 1, 2), file: "unknown" })).toContain("--> unknown:1,1-2\n  Did");
});

test("faults come in the order of the text, those without a place first", () => {
  const { start, end, file, ...bare } = at(1, 1, 2);
  const text = shown("a\nb\nc", at(3, 1, 2), at(1, 2, 2), at(1, 1, 2), {
    ...bare,
    summary: "None",
  });
  expect(text.match(/None|\d,\d/g)).toEqual(["None", "1,1", "1,2", "3,1"]);
  expect([start, end, file]).not.toContain(undefined);
});

test("a warning is called so, and nobody reads thousands", () => {
  expect(shown("x", { ...at(1, 1, 2), severity: "warning" })).toMatch(/^Warning: /);
  const many = shown("x", ...Array.from({ length: 60 }, () => at(1, 1, 2)));
  expect(many.match(/Error:/g)).toHaveLength(50);
  expect(many).toMatch(/\n\n\.\.\. and 10 more\n$/);
});

test("a file cannot steer the terminal", () => {
  const text = shown("a = \u001b[2J\u202Eb", at(1, 5, 6), {
    ...at(1, 1, 2),
    summary: "\u001b]0;x\u0007",
  });
  for (const bad of ["\u001b", "\u0007", "\u202E"]) expect(text).not.toContain(bad);
});

test("colours are there when asked for", () => {
  const painted = diagnosticsText([at(1, 1, 2)], new Map([["a.nomad", "x"]]), createPaint(true));
  expect(painted).toContain("\u001b[31mError:\u001b[0m \u001b[1mUnsupported argument");
  expect(painted).toContain("\u001b[31m^\u001b[0m");
});

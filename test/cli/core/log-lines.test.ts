import { expect, test } from "vitest";
import {
  bytesBefore,
  LineCutter,
  linePrefix,
  logFiles,
  placeAt,
  placeBehind,
} from "../../../src/cli/core/log-lines.ts";
import { createPaint } from "../../../src/cli/core/paint.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = (lines: readonly Uint8Array[]): string[] =>
  lines.map((line) => new TextDecoder().decode(line));

test("a line comes out whole however its bytes were cut", () => {
  const cutter = new LineCutter();
  expect(texts(cutter.push(bytes("one\ntw")))).toEqual(["one\n"]);
  expect(texts(cutter.push(bytes("")))).toEqual([]);
  expect(texts(cutter.push(bytes("o, ä".slice(0, 3))))).toEqual([]);
  expect(texts(cutter.push(bytes("x\n\nend")))).toEqual(["two, x\n", "\n"]);
  expect(texts(cutter.rest())).toEqual(["end\n"]);
  expect(cutter.rest()).toEqual([]);
});

test("a character of several bytes survives a cut in its middle", () => {
  const cutter = new LineCutter();
  const whole = bytes("grün\n");
  expect(cutter.push(whole.subarray(0, 3))).toEqual([]);
  expect(texts(cutter.push(whole.subarray(3)))).toEqual(["grün\n"]);
});

test("a line that never ends is handed out before it fills the memory", () => {
  const cutter = new LineCutter();
  const piece = new Uint8Array(4 * 1024 * 1024).fill(0x61);
  const lines = [1, 2, 3, 4].flatMap(() => cutter.push(piece));
  expect(lines.map((line) => line.length)).toEqual([4 * piece.length + 1]);
});

test("a name has one colour for ever, and none on a pipe", () => {
  const colorful = createPaint(true);
  expect(linePrefix("1f2e3d4c/web", colorful)).toBe(linePrefix("1f2e3d4c/web", colorful));
  const names = Array.from({ length: 30 }, (_, at) => `1f2e3d4c/web${at}`);
  const colors = new Set(names.map((name) => linePrefix(name, colorful).split("1f2e")[0]));
  expect(colors.size).toBeGreaterThan(3);
  expect(linePrefix("1f2e3d4c/web", createPaint(false))).toBe("1f2e3d4c/web | ");
});

test("the files of a stream are those with its name and a number, by number", () => {
  const file = (Name: string, Size: number) => ({ Name, Size });
  const listed = [
    file("web.stdout.10", 3),
    file("web.stdout.9", 5),
    file("web.stderr.0", 7),
    file("web.stdout.x", 1),
    file("web2.stdout.0", 1),
  ];
  expect(logFiles(listed, "web.stdout")).toEqual([
    { index: 9, size: 5 },
    { index: 10, size: 3 },
  ]);
});

test("a place is found again by the bytes before it, unless its file went", () => {
  const files = [
    { index: 2, size: 10 },
    { index: 3, size: 4 },
  ];
  expect(bytesBefore(files, { index: 3, size: 4 })).toBe(14);
  expect(bytesBefore(files, { index: 1, size: 9 })).toBeUndefined();
  expect(bytesBefore(files, { index: 0, size: 0 })).toBe(0);
  expect(bytesBefore([], { index: 0, size: 0 })).toBe(0);
  expect(placeAt(files, 9)).toEqual({ index: 2, size: 9 });
  expect(placeAt(files, 10)).toEqual({ index: 3, size: 0 });
  expect(placeAt(files, 14)).toEqual({ index: 3, size: 4 });
  expect(placeAt([], 0)).toEqual({ index: 0, size: 0 });
});

test("a piece moves the place on, into the next file where it came from that", () => {
  const at = { index: 2, size: 10 };
  expect(placeBehind(at, { file: "alloc/logs/web.stdout.2", bytes: 5 })).toEqual({
    index: 2,
    size: 15,
  });
  expect(placeBehind(at, { file: "alloc/logs/web.stdout.3", bytes: 5 })).toEqual({
    index: 3,
    size: 5,
  });
  expect(placeBehind(at, { file: undefined, bytes: 5 })).toEqual({ index: 2, size: 15 });
});

import { expect, test } from "vitest";
import { createSource } from "../../../../src/jobspec/core/hcl/source.ts";
import { readLines } from "../../../../src/jobspec/core/fmt/read-lines.ts";
import { linesOf } from "./pieces.ts";

const texts = (text: string): readonly (readonly string[])[] =>
  linesOf(text).map((line) => line.map((piece) => `${piece.kind}:${piece.text}`));

test("words, numbers, signs, texts and comments are pieces; a line's end is none", () => {
  expect(texts('a = f(1, "x") # why  \r\n\n')).toEqual([
    [
      "word:a",
      "sign:=",
      "word:f",
      "sign:(",
      "number:1",
      "sign:,",
      'text:"x"',
      "sign:)",
      "comment:# why",
    ],
    [],
    [],
  ]);
});

test("comments next to each other stay apart, and one over lines belongs to its first line", () => {
  expect(texts("/* a *//* b \n c */ x = 1 // d")).toEqual([
    ["comment:/* a */", "comment:/* b\n c */", "word:x", "sign:=", "number:1", "comment:// d"],
  ]);
});

test("only the line that opens a heredoc loses its carriage return", () => {
  expect(texts("a = <<E\r\n x \r\n E \r\nb = 1")[0]?.[2]).toBe("text:<<E\n x \r\n E");
});

test("tells how far the first piece of a line was indented", () => {
  expect(linesOf("a = 1\n \t # x\n").map((line) => line.map((piece) => piece.column))).toEqual([
    [0, -1, -1],
    [3],
    [],
  ]);
});

test("a text that was never read is refused", () => {
  expect(() => readLines(createSource("t", 'a = "x"'), new Map())).toThrow("assertion failed");
});

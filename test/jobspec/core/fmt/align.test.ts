import { expect, test } from "vitest";
import { alignLines } from "../../../../src/jobspec/core/fmt/align.ts";
import { indents } from "../../../../src/jobspec/core/fmt/indent.ts";
import { linesOf } from "./pieces.ts";

const aligned = (text: string): string => {
  const lines = linesOf(text);
  return alignLines(lines, indents(lines)).join("\n");
};

test("equals signs of neighbours stand under each other", () => {
  expect(aligned("a = 1\nbcd = 2\nef = 3")).toBe("a   = 1\nbcd = 2\nef  = 3");
  expect(aligned("x {\na = 1\nbcd = 2\n}\ne = 1")).toBe("x {\na   = 1\nbcd = 2\n}\ne = 1");
  expect(aligned('x = {\n"a b" = 1,\nc = 2\n}')).toBe('x = {\n"a b" = 1,\nc     = 2\n}');
});

test("the width is counted as it is seen", () => {
  expect(aligned('a = {\n"👩‍👩‍👧" = 1\nlong = 2\n}')).toBe('a = {\n"👩‍👩‍👧"  = 1\nlong = 2\n}');
});

test.each([
  ["a blank line", "a = 1\n\nbcd = 2"],
  ["a comment", "a = 1\n# x\nbcd = 2"],
  ["a block", "a = 1\nx {}\nbcd = 2"],
  ["a value over several lines", "a = 1\nlonger = [\n1\n]\nbcd = 2"],
  ["a heredoc", "a = 1\nlonger = <<E\nx\nE\nbcd = 2"],
  ["a block in one line", "a = 1\nx { long = 1 }\nbcd = 2"],
  ["a comment over lines", "a = 1\nlonger /* x\n */ = 3\nbcd = 2"],
])("%s parts neighbours", (_, text) => {
  expect(aligned(text)).toBe(text);
});

test("other signs are not aligned", () => {
  expect(aligned("x = (a ==\n1)\nbcd = 1 == 2\ne = 1 >= 2")).toBe(
    "x = (a ==\n1)\nbcd = 1 == 2\ne   = 1 >= 2",
  );
  expect(aligned("x = {\na : 1\nbcd : 2\n}")).toBe("x = {\na : 1\nbcd : 2\n}");
});

test("comments behind neighbours stand under each other", () => {
  expect(aligned("a = 1 # x\nbcd = 22 // y\ne = 3")).toBe("a   = 1  # x\nbcd = 22 // y\ne   = 3");
  expect(aligned("a {} # x\nbcd {}   /* y */")).toBe("a {}   # x\nbcd {} /* y */");
  expect(aligned("x = [\n1, # a\n222, # b\n]")).toBe("x = [\n1,   # a\n222, # b\n]");
});

test("a comment behind an opening or closing bracket stands one blank off", () => {
  expect(aligned("abc = [   # x\n1, # y\n]   # z\nb = 1   # w")).toBe(
    "abc = [ # x\n1, # y\n] # z\nb = 1 # w",
  );
});

test("a comment behind a single word keeps to the column of its neighbours", () => {
  expect(aligned("x = [\n222, # a\n1 # b\n]")).toBe("x = [\n222, # a\n1    # b\n]");
});

test("keys in brackets are aligned like other keys", () => {
  expect(aligned("x = {\n(ab) = 1\nc = 2\n}")).toBe("x = {\n(ab) = 1\nc    = 2\n}");
});

import { expect, test } from "vitest";
import { indents } from "../../../../src/jobspec/core/fmt/indent.ts";
import { linesOf } from "./pieces.ts";

const depths = (text: string): readonly number[] => indents(linesOf(text));

test("every bracket indents what is inside, and its end stands under its line", () => {
  expect(depths("a {\nb {\nc = 1\n}\n}")).toEqual([0, 2, 4, 2, 0]);
  expect(depths("a = [\n1,\n(\n2\n)\n]")).toEqual([0, 2, 2, 4, 2, 0]);
});

test("brackets opened in one line indent once and are closed together", () => {
  expect(depths("a = f([{\nb = 1\n}])")).toEqual([0, 2, 0]);
  expect(depths("a = f([\n{\nb = 1\n}\n])")).toEqual([0, 2, 4, 2, 0]);
});

test("a line that closes one bracket and opens another stands where the first was opened", () => {
  expect(depths("a = [{\nb = 1\n}, {\nb = 2\n}]")).toEqual([0, 2, 0, 2, 0]);
});

test("brackets that open and close in a line change nothing", () => {
  expect(depths("a = [1, (2)]\nb {}\n# c }")).toEqual([0, 0, 0]);
});

test("closing brackets that nothing opened leave the edge alone", () => {
  const closing = { kind: "sign", text: "}", column: 0 } as const;
  expect(indents([[closing], [closing]])).toEqual([0, 0]);
});

import { expect, test } from "vitest";
import { fixedIn } from "./pieces.ts";

const fixedTexts = (text: string): readonly string[] => {
  const { source, fixed } = fixedIn(text);
  return [...fixed].map(([start, end]) => source.text.slice(start, end));
};

test.each([
  ["a = 1 + b", []],
  ['a = "x ${ "y" } z"', ['"x ${ "y" } z"']],
  ['job "a b" { x = "c" }', ['"a b"', '"c"']],
  ["a = <<-E\n  x\n  E\n", ["<<-E\n  x\n  E"]],
  [
    'a = f("x", ["y"], { "k" = "v" }, -(b ? "c" : "d") + "e")',
    '"x" "y" "k" "v" "c" "d" "e"'.split(" "),
  ],
  ['a = [for k, v in "x" : "y" if "z"]', ['"x"', '"y"', '"z"']],
  ['a = { for k, v in b : "x" => "y" }', ['"x"', '"y"']],
  ["a = attr . kernel[ 0 ]", ["attr . kernel[ 0 ]"]],
  ['a = var.x[ "y" ].*.z', ['"y"']],
  ['a = var.x[*][ "y" ]', ['"y"']],
  ['a = f("x") . y', ['"x"']],
])("keeps as written what means something as written: %s", (text, expected) => {
  expect(fixedTexts(text)).toEqual(expected);
});

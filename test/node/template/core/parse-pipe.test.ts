import { expect, test } from "vitest";
import { lexTemplate } from "../../../../src/node/template/core/lex.ts";
import { PipeReader } from "../../../../src/node/template/core/parse-pipe.ts";
import { Scope } from "../../../../src/node/template/core/scope.ts";
import type { Pipe } from "../../../../src/node/template/core/syntax-types.ts";
import { TokenReader } from "../../../../src/node/template/core/token-reader.ts";

function read(text: string, context = "command"): Pipe {
  const tokens = new TokenReader(
    lexTemplate(`{{${text}}}`, { left: "", right: "" }, 1_000),
    text.length + 4,
  );
  tokens.take();
  return new PipeReader(tokens, new Scope(), (name) =>
    name === "bad" ? "no bad" : undefined,
  ).read(context, "close");
}

test("commands hold their words, and fields go with what they are of", () => {
  const pipe = read("a .b.c (d $).e | f 1 true nil");
  expect(pipe.commands.map(({ words }) => words.map(({ kind }) => kind))).toEqual([
    ["function", "field", "chain"],
    ["function", "literal", "literal", "nil"],
  ]);
});

test("a variable gets a place of its own, after its value was read", () => {
  expect(read("$x := 1").slots).toEqual([1]);
  expect(read("$i, $v := .", "range").slots).toEqual([1, 2]);
  expect(() => read("$x := $x")).toThrow('undefined variable "$x"');
});

test.each([
  ["", "missing value for command"],
  ["a | 1", "non executable command in pipeline stage 2"],
  ["bad", "no bad"],
  ["$a, $b := .", "too many declarations in command"],
  ["1.a", "bad number syntax"],
  ['"a".b', "unexpected . after term literal"],
  ["a,b", 'unexpected "," in operand'],
  ["()", "missing value for parenthesized pipeline"],
])("%j is refused", (text, message) => {
  expect(() => read(text)).toThrow(message);
});

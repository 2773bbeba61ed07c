import { expect, test } from "vitest";
import { lexTemplate } from "../../../../src/node/template/core/lex.ts";

const words = (text: string, left = "", right = ""): string =>
  lexTemplate(text, { left, right }, 1_000)
    .map((token) => `${token.kind}:${token.text}`)
    .join(" ");

test("texts and the words of actions come out in order", () => {
  expect(words("a{{ .b | c 1 }}d")).toBe(
    "text:a open:{{ space:  field:.b space:  symbol:| space:  word:c space:  number:1 space:  close:}} text:d end:",
  );
});

test.each([
  ["a \n{{- 1 -}}\n b", "text:a open:{{ number:1 close:}} text:b end:"],
  ["a {{- /* c */ -}} b", "text:a text:b end:"],
  ["{{-1}}", "open:{{ number:-1 close:}} end:"],
  ["{{$x.y:=`a\nb`}}", "open:{{ variable:$x field:.y symbol::= raw:a\nb close:}} end:"],
])("%j is split as its marks say", (text, expected) => {
  expect(words(text)).toBe(expected);
});

test("other delimiters leave the usual ones alone", () => {
  expect(words("{{a}}<<b>>", "<<", ">>")).toBe("text:{{a}} open:<< word:b close:>> end:");
});

test.each([
  ["{{", "unclosed action", 0],
  ["x{{/* a", "unclosed comment", 3],
  ["{{/* a */ x}}", "comment ends before closing delimiter", 9],
  ["{{ (1 }}", "unclosed left paren", 6],
  ["{{ 1) }}", "unexpected right paren", 4],
  ['{{ "a', "unterminated quoted string", 3],
  ["{{ `a", "unterminated raw quoted string", 3],
  ["{{ 'a", "unterminated character constant", 3],
  ["{{ a# }}", "bad character", 4],
  ["{{ 1a- }}", "bad number syntax", 3],
  ["{{ $x : 1 }}", "expected :=", 6],
  ["{{ ~ }}", "unexpected character", 3],
])("%j is refused where it goes wrong", (text, message, at) => {
  expect(() => words(text)).toThrow(
    expect.objectContaining({ message: expect.stringContaining(message) as string, at }) as Error,
  );
});

test("there is an end to the words of a text", () => {
  expect(() => lexTemplate("{{1}}".repeat(400), { left: "", right: "" }, 1_000)).toThrow(
    "the template has more than 1000 words",
  );
});

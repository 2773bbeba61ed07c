import { expect, test } from "vitest";
import { evaluate } from "../../../../src/jobspec/core/hcl/evaluate.ts";
import { readExpression } from "../../../../src/jobspec/core/hcl/expression.ts";
import { createSource } from "../../../../src/jobspec/core/hcl/source.ts";
import { readWholeTemplate } from "../../../../src/jobspec/core/hcl/template.ts";
import { toJson } from "../../../../src/jobspec/core/hcl/value.ts";
import { faultOf, faultsOf, scopeWith, valueOf } from "../../support.ts";

test("quoted text knows its escapes and marks", () => {
  expect(valueOf('"a\\n\\u00e9\\U0001F6A2 $${x} %%{y} $$ \\""')).toBe(
    'a\n\u00e9\u{1F6A2} ${x} %{y} $$ "',
  );
  expect(valueOf('"${1 + 1}"')).toBe(2);
  expect(valueOf('"n${"x${"y"}"}"')).toBe("nxy");
});

test("heredocs keep backslashes and lose the least indent", () => {
  expect(valueOf("<<E\n a\\n\nE\n")).toBe(" a\\n\n");
  expect(valueOf("<<-E\n  a\n\n    b\n  E\n")).toBe("a\n\n  b\n");
});

test("text that never ends is refused where it breaks off", () => {
  expect(faultOf(() => valueOf('"abc\n'))).toBe("1,5 Unterminated text");
  expect(faultOf(() => valueOf('"\\d"'))).toBe("1,2 Invalid escape sequence");
  expect(faultOf(() => valueOf("<<E\nabc\n"))).toBe("3,1 Unterminated heredoc");
});

test("a mark in a heredoc trims its own line however many lines are before it", () => {
  const before = "a\n\n\n  \n";
  expect(valueOf(`<<E\n${before}\${~ "x" ~}  \n  \n\nb\nE\n`)).toBe("a\n\n\nx  \n\nb\n");
  expect(valueOf(`<<E\n${before}  \${~ "x" ~}\nb\nE\n`)).toBe(`${before}xb\n`);
});

test.each([
  ['x = "a', "t:1,7-7: Unterminated text"],
  ['x = "a\r\n"', "t:1,7-7: Unterminated text"],
  [String.raw`x = "\d"`, "t:1,6-8: Invalid escape sequence"],
  [String.raw`x = "\u12"`, "t:1,6-8: Invalid escape sequence"],
  [String.raw`x = "\U0001F6"`, "t:1,6-8: Invalid escape sequence"],
  ['x = "${a b}"', "t:1,10-11: Extra characters in a template"],
  ['x = "${a "b', "t:1,12-12: Unterminated text"],
  ['x = "%{ iff a }"', "t:1,9-12: Invalid template directive"],
  ['x = "%{ for }"', "t:1,13-14: Invalid for directive"],
  ['x = "%{ for a b }"', "t:1,15-16: Invalid for directive"],
  ['x = "%{ for a, in b }"', "t:1,19-20: Invalid for directive"],
  ['x = "%{ if true }a"', "t:1,19-20: Unterminated template directive"],
  ['x = "%{ endif }"', "t:1,6-16: Unexpected template directive"],
  ["x = <<E\nabc\n", "t:3,1-1: Unterminated heredoc"],
  ["x = <<-E\n  abc\n  EE\n", "t:4,1-1: Unterminated heredoc"],
])("%j is marked where it is wrong", (text, place) => {
  expect(faultsOf(text)[0]?.split(";")[0]).toBe(place);
});

test("the words about a wrong escape fit it", () => {
  expect(faultsOf(String.raw`x = "\d"`)[0]).toContain(String.raw`\d is no escape sequence`);
  expect(faultsOf(String.raw`x = "\u12"`)[0]).toContain(String.raw`\u needs 4 hexadecimal digits`);
  expect(faultsOf(String.raw`x = "\Uzz"`)[0]).toContain(String.raw`\U needs 8 hexadecimal digits`);
});

test("escapes give characters, and none for what is no character", () => {
  expect(valueOf(String.raw`"\r\t\\"`)).toBe("\r\t\\");
  expect(valueOf(String.raw`"\U0010FFFF"`)).toBe("\u{10FFFF}");
  expect(valueOf(String.raw`"\uD7FF\uE000"`)).toBe("\uD7FF\uE000");
  for (const escape of [String.raw`\U00110000`, String.raw`\ud800`, String.raw`\udfff`])
    expect(faultsOf(`x = "${escape}"`)[0]).toContain(
      `t:1,6-${6 + escape.length}: Invalid escape sequence; There is no character with the number`,
    );
});

test("a heredoc ends at its marker, whatever blanks or line ends are around it", () => {
  expect(valueOf("<<E\na\n\t E \t\n")).toBe("a\n");
  expect(valueOf("<<E\r\na\r\nE\r\n")).toBe("a\r\n");
  expect(valueOf("<<E\nE1\n E x\nE\n")).toBe("E1\n E x\n");
  expect(valueOf("<<E\na ${1} $${b} %%{c} $ %\nE\n")).toBe("a 1 ${b} %{c} $ %\n");
  expect(valueOf("<<E\n%{ for v in [1, 2] }${v}-%{ endfor }\nE\n")).toBe("1-2-\n");
});

test("a whole text is a template without escapes, over as many lines as it has", () => {
  const whole = (text: string): unknown =>
    toJson(evaluate(readWholeTemplate(createSource("t", text), readExpression), scopeWith()));
  expect(whole("")).toBe("");
  expect(whole('a\\n"b"\n${upper("c")}\nd')).toBe('a\\n"b"\nC\nd');
  expect(whole("${1 + 1}")).toBe(2);
  expect(whole("\n${1}")).toBe("\n1");
  expect(whole("$${a} %{ if true }b%{ endif }")).toBe("${a} b");
});

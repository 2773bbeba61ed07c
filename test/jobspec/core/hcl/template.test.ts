import { expect, test } from "vitest";
import { faultOf, valueOf } from "../../support.ts";

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

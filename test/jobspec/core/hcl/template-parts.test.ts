import { expect, test } from "vitest";
import { faultOf, valueOf } from "../../support.ts";

test("directives choose and repeat", () => {
  expect(valueOf('"%{ if a }x%{ else }y%{ endif }"', { a: false })).toBe("y");
  expect(valueOf('"%{ for i, v in a }${i}${v}%{ endfor }"', { a: ["p", "q"] })).toBe("0p1q");
});

test("tildes cut the blanks beside them", () => {
  expect(valueOf('"a  ${~ "b" ~}  c"')).toBe("abc");
});

test("in a heredoc tildes cut the rest of their line only", () => {
  expect(valueOf('<<E\n a ${~ "b" ~}\n  c\n %{~ if true ~}\n y\n%{ endif }\nE\n')).toBe(
    " ab  c\n y\n\n",
  );
});

test("blank lines neither count for the indent nor lose theirs", () => {
  expect(valueOf("<<-E\n    a\n      \n  b\n  E\n")).toBe("  a\n      \nb\n");
  expect(valueOf("<<-E\n    \n  \n  E\n")).toBe("    \n  \n");
  expect(valueOf("<<-E\r\n   a\r\n  \r\n  b\r\n  E\r\n")).toBe(" a\r\n  \r\nb\r\n");
});

test("blanks of all scripts are blanks, and a mark of byte order is none", () => {
  expect(valueOf("<<-E\n\u00a0\u3000\u0085a\n\t \u2003b\n E\n")).toBe("a\nb\n");
  expect(valueOf('"${"a" ~}\u00a0\u0085 b \ufeff${~ "c"}"')).toBe("ab \ufeffc");
  expect(valueOf(`"x${" ".repeat(50_000)}y${" ".repeat(50_000)}\${~ "z"}"`)).toMatch(/yz$/);
});

test("a directive that is not ended is refused at the end of the text", () => {
  expect(faultOf(() => valueOf('"%{ if true }x"'))).toBe("1,15 Unterminated template directive");
  expect(faultOf(() => valueOf('"x%{ endif }"'))).toBe("1,3 Unexpected template directive");
});

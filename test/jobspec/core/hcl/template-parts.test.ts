import { expect, test } from "vitest";
import { faultOf, faultsOf, valueOf } from "../../support.ts";

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

test("a dented heredoc loses the indent that all of its lines share", () => {
  expect(valueOf("<<-E\n    a\n\n      b\n    E\n")).toBe("a\n\n  b\n");
});

test("a line that begins with a reference has no indent to lose", () => {
  expect(valueOf("<<-E\n${a}\n    b\n  E\n", { a: "x" })).toBe("x\n    b\n");
  expect(valueOf("<<-E\n    b ${a}\n  ${a}\n  E\n", { a: "x" })).toBe("  b x\nx\n");
});

test.each([
  ['"%{ if true }a%{ endfor }"', "1,15 Unexpected template directive"],
  ['"%{ for a in [] }b%{ else }"', "1,19 Unexpected template directive"],
  ['"%{ if true }a%{ else }b%{ else }"', "1,25 Unexpected template directive"],
  ['"%{ for a in [] }b"', "1,19 Unterminated template directive"],
])("%s is refused at its place", (text, fault) => {
  expect(faultOf(() => valueOf(text))).toBe(fault);
});

test("the directives that may end an open one are told", () => {
  const words = (text: string): string | undefined => faultsOf(`job "j" {\n name = ${text}\n}`)[0];
  expect(words('"%{ if true }a"')).toContain("ends before %{ else } or %{ endif }.");
  expect(words('"%{ if true }a%{ else }"')).toContain("ends before %{ endif }.");
  expect(words('"%{ for a in [] }b"')).toContain("ends before %{ endfor }.");
  expect(words('"%{ if true }a%{ endfor }"')).toContain("Expected %{ else } or %{ endif } here.");
});

test("directives nest, and two hundred of them are enough", () => {
  const nested = (levels: number): string =>
    `"${"%{ if true }".repeat(levels)}x${"%{ endif }".repeat(levels)}"`;
  expect(valueOf('"%{ for a in [1, 2] }%{ if a == 1 }p%{ else }q%{ endif }%{ endfor }r"')).toBe(
    "pqr",
  );
  expect(valueOf(nested(200))).toBe("x");
  expect(faultOf(() => valueOf(nested(201)))).toContain("Nested too deeply");
  expect(valueOf(`"${"%{ if true }x%{ endif }".repeat(300)}"`)).toBe("x".repeat(300));
});

test("tildes cut on their side only, and in a heredoc on their own line", () => {
  expect(valueOf('<<E\na \n ${~ "b" }\n c\nE\n')).toBe("a \nb\n c\n");
  expect(valueOf('<<E\n${ "b" ~} \n c\nE\n')).toBe("b c\n");
  expect(valueOf('"a ${ "b" ~} c"')).toBe("a bc");
  expect(valueOf('"a ${~ "b" } c"')).toBe("ab c");
});

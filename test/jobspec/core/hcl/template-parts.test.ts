import { expect, test } from "vitest";
import { faultOf, valueOf } from "../../support.ts";

test("directives choose and repeat", () => {
  expect(valueOf('"%{ if a }x%{ else }y%{ endif }"', { a: false })).toBe("y");
  expect(valueOf('"%{ for i, v in a }${i}${v}%{ endfor }"', { a: ["p", "q"] })).toBe("0p1q");
});

test("tildes cut the blanks beside them", () => {
  expect(valueOf('"a  ${~ "b" ~}  c"')).toBe("abc");
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

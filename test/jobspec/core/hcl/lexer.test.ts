import { expect, test } from "vitest";
import { tokenAt } from "../../../../src/jobspec/core/hcl/lexer.ts";
import { createSource } from "../../../../src/jobspec/core/hcl/source.ts";
import { faultOf, faultsOf } from "../../support.ts";

const at = (text: string) => tokenAt(createSource("t", text), 0);

test("blanks and the three kinds of comments are passed over", () => {
  expect(at(" /* a\n */ // b\n").kind).toBe("newline");
  expect(at("# x").kind).toBe("end");
  expect(at("/***/x-1_\u043a")).toMatchObject({ kind: "name", text: "x-1_\u043a" });
});

test("signs of two characters are one token", () => {
  expect(at("=> 1").text).toBe("=>");
  expect(at("1.5e3.x")).toMatchObject({ kind: "number", text: "1.5e3" });
  expect(at("1.2.3.")).toMatchObject({ kind: "number", text: "1.2.3" });
  expect(at("0...")).toMatchObject({ kind: "number", text: "0" });
});

test("what is no token is refused at its place", () => {
  expect(faultOf(() => at("  'a'"))).toBe("1,3 Invalid quotes");
  expect(faultOf(() => at("@"))).toBe("1,1 Invalid character");
  expect(faultOf(() => at("/* a"))).toBe("1,1 Unterminated comment");
});

test.each([
  ["x = 'a'", "t:1,5-6: Invalid quotes"],
  ["x = \u201Ca\u201D", "t:1,5-6: Invalid quotes"],
  ["x = `a`", "t:1,5-6: Invalid quotes"],
  ["x = a & b", "t:1,7-8: Unsupported operator"],
  ["x = a | b", "t:1,7-8: Unsupported operator"],
  ["x = \u{1F6A2}", "t:1,5-6: Invalid character"],
  ["x = 1 /* a", "t:1,7-9: Unterminated comment"],
])("%j is marked where it is wrong", (text, place) => {
  expect(faultsOf(text)[0]?.split(";")[0]).toBe(place);
});

test("half an operator is told with the whole one", () => {
  expect(faultsOf("x = a & b")[0]).toContain('Did you mean "&&"?');
  expect(faultsOf("x = a | b")[0]).toContain('Did you mean "||"?');
});

test("lines end with one sign or two", () => {
  expect(at("\r\nx")).toEqual({ kind: "newline", text: "\n", start: 0, end: 2 });
  expect(at("\nx")).toEqual({ kind: "newline", text: "\n", start: 0, end: 1 });
  expect(at(" \u0022x")).toEqual({ kind: "quote", text: '"', start: 1, end: 2 });
  expect(at("  ")).toEqual({ kind: "end", text: "", start: 2, end: 2 });
  expect(faultOf(() => at("\rx"))).toBe("1,1 Invalid character");
});

import { expect, test } from "vitest";
import { tokenAt } from "../../../../src/jobspec/core/hcl/lexer.ts";
import { createSource } from "../../../../src/jobspec/core/hcl/source.ts";
import { faultOf } from "../../support.ts";

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

import { expect, test } from "vitest";
import { faultOf, faultsOf, valueOf } from "../../support.ts";

test("operators bind as in other languages", () => {
  expect(valueOf("2 + 3 * 4 - 6 / 3")).toBe(12);
  expect(valueOf("true || false && false")).toBe(true);
  expect(valueOf("1 < 2 ? -(5) : 3")).toBe(-5);
  expect(faultOf(() => valueOf("1 < 2 ? -(5) : !true"))).toContain("Inconsistent conditional");
});

test("brackets let an expression go on in the next line", () => {
  expect(valueOf("(1 +\n 2)")).toBe(3);
  expect(faultOf(() => valueOf("1 +\n 2"))).toBe("1,4 Invalid expression");
});

test("lists, objects and for expressions are read", () => {
  expect(valueOf("[for x in [1, 2, 3] : x * 2 if x != 2]")).toEqual([2, 6]);
  expect(valueOf("{ for k, v in { b = 1, a = 2 } : v => k... }")).toEqual({ 1: ["b"], 2: ["a"] });
  expect(valueOf('{ true = 1, "x y": 2\n (3) = 4 }')).toEqual({ true: 1, "x y": 2, 3: 4 });
  expect(faultOf(() => valueOf('["a" "b"]'))).toBe("1,6 Missing item separator");
});

test("a bomb of brackets is refused and a long chain is not", () => {
  expect(faultOf(() => valueOf("(".repeat(100_000)))).toContain("Nested too deeply");
  expect(faultOf(() => valueOf("!".repeat(100_000)))).toContain("Nested too deeply");
  expect(valueOf(Array.from({ length: 20_000 }, () => "1").join("+"))).toBe(20_000);
});

test("the whole name of a function in a namespace is told when nobody has it", () => {
  expect(faultsOf('job "j" {\n name = provider::strings::lower(1)\n}')[0]).toContain(
    'There is no function named "provider::strings::lower".',
  );
  expect(faultOf(() => valueOf("a::(1)"))).toBe("1,4 Missing function name");
  expect(faultOf(() => valueOf("a::b"))).toBe("1,5 Missing open parenthesis");
});

test.each([
  ["x = (1", "t:1,7-7: Unterminated parentheses"],
  ["x = [1 2]", "t:1,8-9: Missing item separator"],
  ["x = { a 1 }", "t:1,9-10: Missing attribute value"],
  ["x = { a = 1 b = 2 }", "t:1,13-14: Missing attribute separator"],
  ["x = a.", "t:1,7-7: Invalid attribute name"],
  ["x = a[", "t:1,7-7: Invalid expression"],
  ["x = a[1", "t:1,8-8: Unterminated index"],
  ["x = f(1 2)", "t:1,9-10: Missing argument separator"],
  ["x = f(1", "t:1,8-8: Missing argument separator"],
  ["x = 1 +", "t:1,8-8: Invalid expression"],
  ["x = a ? 1", "t:1,10-10: Missing false expression"],
  ["x = [for a in b]", "t:1,16-17: Invalid for expression"],
  ["x = {for a in b : c}", "t:1,20-21: Invalid for expression"],
])("%j is marked where it is wrong", (text, place) => {
  expect(faultsOf(text)[0]?.split(";")[0]).toBe(place);
});

test.each([
  ["a || b && c", { a: true, b: false, c: false }, true],
  ["1 + 2 == 3", {}, true],
  ["1 == 1 == true", {}, true],
  ["2 < 1 + 2 && 3 >= 3", {}, true],
  ["1 != 2 && 2 <= 2", {}, true],
  ["7 % 4 * 2", {}, 6],
  ["10 - 3 - 2", {}, 5],
  ["- -1", {}, 1],
  ["!!true", {}, true],
  ["true ? false ? 1 : 2 : 3", {}, 2],
  ["l[0][1]", { l: [[1, 2]] }, 2],
  ["l.0[1]", { l: [[1, 2]] }, 2],
  ["l[*][0]", { l: [[1], [2]] }, [1, 2]],
  ["l.*.a.b", { l: [{ a: { b: 1 } }] }, [1]],
  ["l[*].a[0]", { l: [{ a: [1] }] }, [1]],
  ["max([4, 5]...)", {}, 5],
  ["max(1,\n 2,\n)", {}, 2],
  ["[1,\n 2,\n]", {}, [1, 2]],
  ["{\n a = 1\n\n b : 2,\n c = 3 }", {}, { a: 1, b: 2, c: 3 }],
  ['{ "for" = 1 }', {}, { for: 1 }],
  ["{\n for k, v in { a = 1 } :\n k => v\n if v == 1 }", {}, { a: 1 }],
  ["null", {}, null],
  ["false", {}, false],
])("%s is read as it is meant", (text, names, wanted) => {
  expect(valueOf(text, names)).toEqual(wanted);
});

test.each([
  ["[for a in b : c => d]", "Invalid for expression"],
  ["[for 1 in b : c]", "Invalid for expression"],
  ["[for a, 1 in b : c]", "Invalid for expression"],
  ["[for a b : c]", "Invalid for expression"],
  ["[for a in [] : c", "Unterminated for expression"],
  ["a[*", "Unterminated splat"],
  ["f(1...", "Unterminated argument list"],
  ["a::(1)", "Missing function name"],
  [")", "Invalid expression"],
])("%s is no expression", (text, summary) => {
  expect(faultOf(() => valueOf(text))).toContain(summary);
});

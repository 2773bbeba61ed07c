import { expect, test } from "vitest";
import { readWholeExpression } from "../../../../src/jobspec/core/hcl/body.ts";
import { evaluate } from "../../../../src/jobspec/core/hcl/evaluate.ts";
import { createSource } from "../../../../src/jobspec/core/hcl/source.ts";
import { faultOf, faultsOf, scopeWith, valueOf } from "../../support.ts";

test("the last argument can be expanded", () => {
  expect(valueOf("max(1, [4, 2]...)")).toBe(4);
});

test("a wrong number of arguments is told at its place", () => {
  expect(faultOf(() => valueOf('replace("a", "b")'))).toBe("1,17 Not enough function arguments");
  expect(faultOf(() => valueOf('lower("a", "b")'))).toBe("1,13 Too many function arguments");
  expect(faultOf(() => valueOf("lowr(1)"))).toBe("1,1 Call to unknown function");
  expect(faultOf(() => valueOf("abs(null)"))).toBe("1,5 Invalid function argument");
});

test("try and can look at failures", () => {
  expect(valueOf('try(a.b, "f")', { a: {} })).toBe("f");
  expect(valueOf("can(a.b)", { a: {} })).toBe(false);
  expect(valueOf('convert(["b", "a"], set(string))')).toEqual(["a", "b"]);
});

test("the hint is left out where many faults are told", () => {
  const lines = Array.from({ length: 40 }, (_, at) => `a${at} = uper("x")`);
  const faults = faultsOf(`job "j" {\nmeta {\n${lines.join("\n")}\n}\n}`);
  expect(faults).toHaveLength(40);
  expect(faults[0]).toContain('Did you mean "upper"?');
  expect(faults[39]).not.toContain("Did you mean");
});

test.each([
  ["lowr", "lower"],
  ["tr", "try"],
  ["cann", "can"],
  ["conver", "convert"],
])("the unknown function %s is told with the hint %s", (written, meant) => {
  const [fault] = faultsOf(`job "j" {\n priority = ${written}(1)\n}`);
  expect(fault).toContain(`There is no function named "${written}". Did you mean "${meant}"?`);
});

test("a function that is like no other is told without a hint", () => {
  expect(faultsOf('job "j" {\n priority = qqqqq(1)\n}')[0]).toMatch(
    /There is no function named "qqqqq"\.$/,
  );
});

test.each([
  ["can()", "1,5 Not enough function arguments"],
  ["can(1, 2)", "1,8 Too many function arguments"],
  ["convert(1)", "1,10 Not enough function arguments"],
  ["convert(1, string, 2)", "1,20 Too many function arguments"],
  ["convert([], string)", "1,9 Invalid function argument"],
  ["try()", "1,1 Error in function call"],
  ["try(a.b, a.c)", "1,1 Error in function call"],
  ["max(1, 2...)", "1,8 Invalid expanding argument value"],
  ["max()", "1,5 Not enough function arguments"],
])("%s is refused at its place", (text, fault) => {
  expect(faultOf(() => valueOf(text, { a: {} }))).toBe(fault);
});

test.each([
  ["can()", 'Function "can" expects 1 argument(s).'],
  ["can(1, 2)", 'Function "can" expects only 1 argument(s).'],
  ["convert(1)", 'Function "convert" expects 2 argument(s).'],
  ["convert(1, string, 2)", 'Function "convert" expects only 2 argument(s).'],
  ["max()", 'Function "max" expects at least 1 argument(s), got 0.'],
  ['replace("a", "b")', 'Function "replace" expects 3 argument(s), got 2.'],
  ['lower("a", "b")', 'Function "lower" expects only 1 argument(s).'],
  ["abs(null)", "Invalid value for argument 1 of abs: must not be null."],
  ['max(1, "a")', "Invalid value for argument 2 of max: a number is required, not this string."],
])("%s is told how it is called", (text, detail) => {
  expect(faultsOf(`job "j" {\n priority = ${text}\n}`)[0]).toContain(detail);
});

test("try takes the first of its arguments that has a value", () => {
  expect(valueOf("try(a.b, a.c, 3)", { a: { c: 2 } })).toBe(2);
  expect(valueOf("can(a.c)", { a: { c: 2 } })).toBe(true);
});

test("a function that breaks is not taken for a fault of the text", () => {
  const broken = { params: [], call: () => failing() };
  const scope = { ...scopeWith(), functions: new Map([["broken", broken]]) };
  const run = (text: string): unknown =>
    evaluate(readWholeExpression(createSource("t", text)), scope);
  expect(() => run("broken()")).toThrow(RangeError);
  expect(() => run("can(broken())")).toThrow(RangeError);
});

function failing(): never {
  throw new RangeError("out of memory");
}

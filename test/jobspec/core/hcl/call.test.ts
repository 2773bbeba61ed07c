import { expect, test } from "vitest";
import { faultOf, faultsOf, valueOf } from "../../support.ts";

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

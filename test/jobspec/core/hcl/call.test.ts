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

test("the hint is left out where many faults are told", () => {
  const lines = Array.from({ length: 40 }, (_, at) => `a${at} = uper("x")`);
  const faults = faultsOf(`job "j" {\nmeta {\n${lines.join("\n")}\n}\n}`);
  expect(faults).toHaveLength(40);
  expect(faults[0]).toContain('Did you mean "upper"?');
  expect(faults[39]).not.toContain("Did you mean");
});

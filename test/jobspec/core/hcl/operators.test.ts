import { expect, test } from "vitest";
import { faultOf, valueOf } from "../../support.ts";

test("text counts as a number or bool where one is needed", () => {
  expect(valueOf('"5" + 2')).toBe(7);
  expect(valueOf('"true" && true')).toBe(true);
  expect(valueOf('"1" == 1')).toBe(false);
});

test("operands that do not fit are refused at their place", () => {
  expect(faultOf(() => valueOf("1 + []"))).toBe("1,5 Invalid operand");
  expect(faultOf(() => valueOf("0 / 0"))).toBe("1,1 Invalid operation");
});

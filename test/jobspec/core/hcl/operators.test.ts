import { expect, test } from "vitest";
import { faultOf, faultsOf, valueOf } from "../../support.ts";

test("text counts as a number or bool where one is needed", () => {
  expect(valueOf('"5" + 2')).toBe(7);
  expect(valueOf('"true" && true')).toBe(true);
  expect(valueOf('"1" == 1')).toBe(false);
});

test("operands that do not fit are refused at their place", () => {
  expect(faultOf(() => valueOf("1 + []"))).toBe("1,5 Invalid operand");
  expect(faultOf(() => valueOf("0 / 0"))).toBe("1,1 Invalid operation");
});

test.each([
  ["1 == 1", true],
  ['1 == "1"', false],
  ["[1] == [1]", true],
  ["1 != 1", false],
  ["1 != 2", true],
  ["1 < 1", false],
  ["1 < 2", true],
  ["1 <= 1", true],
  ["2 <= 1", false],
  ["1 > 1", false],
  ["2 > 1", true],
  ["1 >= 1", true],
  ["1 >= 2", false],
  ["true && false", false],
  ["true || false", true],
  ["false || false", false],
  ["!false", true],
  ['!"true"', false],
  ["7 - 2", 5],
  ["7 * 2", 14],
  ["7 / 2", 3.5],
  ["-7 % 3", -1],
  ['-"3"', -3],
])("%s is %j", (text, wanted) => {
  expect(valueOf(text)).toBe(wanted);
});

test.each([
  ["1 + null", "t:2,13-21: Invalid operand; A number is required here, not null."],
  ["[] + 1", "t:2,13-15: Invalid operand; A number is required here, not this tuple."],
  ["1 && true", "t:2,13-14: Invalid operand; A bool is required here, not this number."],
  ["!{}", "t:2,14-16: Invalid operand; A bool is required here, not this object."],
  ["0 / 0", "t:2,13-18: Invalid operation; The result of / is not a number here."],
  ["1 / 0 - 1 / 0", "t:2,13-26: Invalid operation; The result of - is not a number here."],
])("%s is refused with what is wrong about it", (text, fault) => {
  expect(faultsOf(`job "j" {\n priority = ${text}\n}`)[0]).toContain(fault);
});

import { expect, test } from "vitest";
import { argumentSpec, zeroOf } from "../../../../src/jobspec/core/decode/argument.ts";
import { faultsOf, groupOf } from "../../support.ts";

test("plain fields have zero values and others do not", () => {
  expect(zeroOf(argumentSpec("A:int"))).toBe(0);
  expect(zeroOf(argumentSpec("A:int?"))).toBeUndefined();
  expect(zeroOf(argumentSpec("A:strings?"))).toBeUndefined();
});

test("durations are text with a unit or whole nanoseconds", () => {
  expect(groupOf('shutdown_delay = "1m30s"')["ShutdownDelay"]).toBe(90e9);
  expect(groupOf("shutdown_delay = 15")["ShutdownDelay"]).toBe(15);
  expect(faultsOf('job "j" {\n group "g" {\n shutdown_delay = "15"\n }\n}')[0]).toContain("t:3,20");
});

test("whole numbers have no fraction and are finite", () => {
  expect(faultsOf('job "j" {\n priority = 1.5\n}')[0]).toContain("whole number");
  expect(faultsOf('job "j" {\n priority = 4 / 0\n}')[0]).toContain("finite");
});

import { expect, test } from "vitest";
import { compareYamlKeys } from "../../../../src/node/template/core/yaml-order.ts";

test.each([
  ["a2", "a10"],
  ["a1", "a01"],
  ["a01", "a2"],
  ["a10", "a1b"],
  ["a1", "a10"],
  ["v10", "v100"],
  ["v100", "v101"],
  ["-y", "_x"],
  ["_x", "B"],
  ["10", "B"],
  ["2", "10"],
  ["B", "b"],
  ["z", "é"],
  ["a", "a😀"],
])("%s stands before %s", (first, second) => {
  expect(compareYamlKeys(first, second)).toBeLessThan(0);
  expect(compareYamlKeys(second, first)).toBeGreaterThan(0);
  expect(compareYamlKeys(first, first)).toBe(0);
});

import { expect, test } from "vitest";
import { boolAttribute, intAttribute } from "../../../../src/model/device.ts";
import {
  deviceMatches,
  deviceSatisfies,
  hasWantedName,
  instanceMatches,
} from "../../../../src/reconciler/core/scheduler/device-rules.ts";
import { buildGpus, buildRequest } from "../../../support/build-device.ts";

const search = (pattern: string, text: string): boolean => new RegExp(pattern).test(text);
const gpus = buildGpus("GTX 1080/Ti", ["GPU-a", "GPU-b"]);

test.each([
  ["gpu", true],
  ["nvidia/gpu", true],
  ["nvidia/gpu/GTX 1080/Ti", true],
  ["nvidia/gpu/GTX 1080", false],
  ["amd/gpu", false],
  ["fpga", false],
])("%j names it: %s", (name, isMeant) => {
  expect(hasWantedName(name, gpus)).toBe(isMeant);
});

test.each([
  ["${device.model}", "=", "GTX 1080/Ti", true],
  ["${device.vendor}", "==", "nvidia", true],
  ["${device.type}", "is", "fpga", false],
  ["${device.model}", "!=", "GTX 1080/Ti", false],
  ["${device.attr.memory}", ">=", "11 GiB", true],
  ["${device.attr.memory}", ">", "11 GiB", false],
  ["${device.attr.memory}", "<", "12 GB", true],
  ["${device.attr.memory}", "<=", "1 GiB", false],
  ["11 GiB", "=", "${device.attr.memory}", true],
  ["${device.attr.memory}", ">", "11264", false],
  ["${device.attr.memory}", "!=", "2 GHz", false],
  ["${device.attr.none}", "=", "1", false],
  ["${device.attr.none}", "!=", "1", true],
  ["${device.attr.none}", "!=", "${device.attr.other}", false],
  ["${device.attr.none}", "is_set", "", false],
  ["${device.attr.none}", "is_not_set", "", true],
  ["${device.attr.memory}", "is_set", "", true],
  ["${device.attr.driver_version}", "version", ">= 535, < 536", true],
  ["${device.attr.driver_version}", "semver", "< 500.0.0", false],
  ["${device.model}", "regexp", "^GTX \\d+", true],
  ["${device.model}", "regexp", "^RTX", false],
  ["${device.ids}", "set_contains", "GPU-b, GPU-a", true],
  ["${device.ids}", "set_contains_any", "GPU-x,GPU-b", true],
  ["${device.ids}", "set_contains_all", "GPU-x,GPU-b", false],
  ["${node.class}", "=", "x", false],
  ["x", "distinct_hosts", "", true],
  ["${device.model}", "unheard of", "x", false],
])("%s %s %s: %s", (LTarget, Operand, RTarget, isMet) => {
  expect(deviceSatisfies({ LTarget, Operand, RTarget }, gpus, search)).toBe(isMet);
});

test("truths and whole numbers of attributes compare as what they are", () => {
  const device = buildGpus("x", ["GPU-a"], {
    Attributes: { ecc: boolAttribute(true), generation: intAttribute(4, "") },
  });
  const meets = (LTarget: string, Operand: string, RTarget: string): boolean =>
    deviceSatisfies({ LTarget, Operand, RTarget }, device, search);
  expect(meets("${device.attr.ecc}", "=", "true")).toBe(true);
  expect(meets("${device.attr.ecc}", "=", "false")).toBe(false);
  expect(meets("${device.attr.generation}", "version", ">= 3")).toBe(true);
  expect(meets("${device.attr.constructor}", "is_set", "")).toBe(false);
});

test("a rule about ids chooses among the instances", () => {
  const request = buildRequest({
    Constraints: [{ LTarget: "${device.ids}", Operand: "set_contains", RTarget: "GPU-b" }],
  });
  expect(deviceMatches(request, gpus, search)).toBe(true);
  expect(["GPU-a", "GPU-b"].map((id) => instanceMatches(request, id, gpus, search))).toEqual([
    false,
    true,
  ]);
  const pattern = buildRequest({
    Constraints: [{ LTarget: "${device.ids}", Operand: "regexp", RTarget: "-a$" }],
  });
  expect(instanceMatches(pattern, "GPU-a", gpus, search)).toBe(true);
  expect(instanceMatches(pattern, "GPU-b", gpus, search)).toBe(false);
  const other = buildRequest({
    Constraints: [{ LTarget: "${device.ids}", Operand: "!=", RTarget: "GPU-a" }],
  });
  expect(instanceMatches(other, "GPU-a", gpus, search)).toBe(false);
});

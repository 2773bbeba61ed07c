import { expect, test } from "vitest";
import {
  attributeText,
  deviceAttributeLists,
  deviceRows,
  deviceStatLists,
  nodeDeviceRows,
} from "../../../src/cli/core/devices.ts";
import {
  boolAttribute,
  floatAttribute,
  intAttribute,
  textAttribute,
} from "../../../src/model/device.ts";
import type { DeviceGroupStats } from "../../../src/model/device.ts";
import { buildGpus } from "../../support/build-device.ts";

const memory = { IntNumeratorVal: 12, IntDenominatorVal: 24, Unit: "MiB", Desc: "" };
/** As the devices of other servers tell them. */
const others = {
  load: { FloatNumeratorVal: 1.5, FloatDenominatorVal: 4, Unit: "W", Desc: "" },
  busy: { BoolVal: true, Unit: "", Desc: "" },
};
const stats: DeviceGroupStats[] = [
  {
    Vendor: "nvidia",
    Type: "gpu",
    Name: "K80",
    InstanceStats: {
      b: {
        Summary: memory,
        Stats: {
          Nested: null,
          Attributes: {
            Temperature: { IntNumeratorVal: 41, Unit: "C", Desc: "" },
            "ECC L1 errors": { StringVal: "N/A", Unit: "#", Desc: "" },
            odd: { Unit: "", Desc: "" },
            ...others,
          },
        },
        Timestamp: "",
      },
    },
  },
];

test("a node's devices stand with their summary, or without one", () => {
  expect(nodeDeviceRows([buildGpus("K80", ["b", "a"])], stats)).toEqual([
    ["nvidia/gpu/K80[a]", ""],
    ["nvidia/gpu/K80[b]", "12 / 24 MiB"],
  ]);
  expect(deviceRows(stats)).toEqual([["nvidia/gpu/K80[b]", "12 / 24 MiB"]]);
});

test("all figures of a device, by name", () => {
  expect(deviceStatLists(stats)).toEqual([
    [
      ["Device", "nvidia/gpu/K80[b]"],
      ["ECC L1 errors", "N/A"],
      ["Temperature", "41 C"],
      ["busy", "true"],
      ["load", "1.5 / 4 W"],
      ["odd", "<unknown>"],
    ],
  ]);
});

test("attributes of each model, those without any left out", () => {
  const groups = [buildGpus("Z", ["z"]), buildGpus("A", ["a"], { Attributes: null })];
  expect(deviceAttributeLists(groups)).toEqual([
    [
      ["Device Group", "nvidia/gpu/Z"],
      ["driver_version", "535.54.3"],
      ["memory", "11264 MiB"],
    ],
  ]);
});

test.each([
  [floatAttribute(1.5, "GHz"), "1.5 GHz"],
  [floatAttribute(1.23456, ""), "1.235"],
  [intAttribute(0, ""), "0"],
  [boolAttribute(false), "false"],
  [textAttribute("x"), "x"],
  [{ Unit: "MiB" }, "<unknown>"],
])("%j is shown as %j", (value, shown) => {
  expect(attributeText(value)).toBe(shown);
});

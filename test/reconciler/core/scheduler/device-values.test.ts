import { expect, test } from "vitest";
import {
  compareDeviceValues,
  parseDeviceValue,
} from "../../../../src/reconciler/core/scheduler/device-values.ts";

test.each([
  ["4 GiB", { Int: 4, Unit: "GiB" }],
  ["1.5GHz", { Float: 1.5, Unit: "GHz" }],
  ["16MiB/s", { Int: 16, Unit: "MiB/s" }],
  ["1500 mW", { Int: 1500, Unit: "mW" }],
  ["-3", { Int: -3, Unit: "" }],
  ["true", { Bool: true }],
  ["F", { Bool: false }],
  ["", { String: "" }],
  ["Tesla K80", { String: "Tesla K80" }],
  ["many GiB", { String: "many GiB" }],
  ["535.54.03", { String: "535.54.03" }],
])("%j is read with its unit", (text, value) => {
  expect(parseDeviceValue(text)).toMatchObject(value);
});

test.each([
  ["4 GiB", "4096 MiB", 0],
  ["4 GiB", "4 GB", 1],
  ["1 kB", "1 KB", 0],
  ["1 GHz", "1000 MHz", 0],
  ["900 MHz", "1 GHz", -1],
  ["1100 mW", "1.1 W", 0],
  ["2 GiB/s", "2 GiB", undefined],
  ["4", "4 MiB", undefined],
  ["4 MiB", "4", undefined],
  ["4", "4.0", 0],
  ["a", "b", -1],
  ["b", "a", 1],
  ["a", "4", undefined],
  ["4", "a", undefined],
  ["true", "t", 0],
  ["true", "false", 1],
  ["true", "yes", undefined],
])("%j beside %j", (a, b, order) => {
  expect(compareDeviceValues(parseDeviceValue(a), parseDeviceValue(b))).toBe(order);
});

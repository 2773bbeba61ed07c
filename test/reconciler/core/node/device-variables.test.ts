import { expect, test } from "vitest";
import {
  deviceVariables,
  vanishedDevices,
} from "../../../../src/reconciler/core/node/device-variables.ts";
import { buildGpus } from "../../../support/build-device.ts";

const given = (Name: string, ...DeviceIDs: string[]) => ({
  Vendor: "nvidia",
  Type: "gpu",
  Name,
  DeviceIDs,
});

test("a task is told all of its GPUs, of whichever model, and nothing without one", () => {
  expect(deviceVariables([given("K80", "a", "b"), given("A100", "x")])).toEqual({
    NVIDIA_VISIBLE_DEVICES: "a,b,x",
  });
  expect(deviceVariables([{ ...given("x", "a"), Vendor: "amd" }])).toEqual({});
  expect(deviceVariables(null)).toEqual({});
});

test("instances that the node does not know any more are named", () => {
  expect(vanishedDevices([given("K80", "a", "z")], [buildGpus("K80", ["a", "b!"])])).toEqual(["z"]);
});

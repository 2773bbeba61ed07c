import { expect, test } from "vitest";
import { textsOf } from "../../../../src/jobspec/core/model/faults.ts";
import { networksFaults } from "../../../../src/jobspec/core/model/validate-network.ts";
import { faultsOfGroup } from "../../../support/job-faults.ts";

const faults = (network: object): string => faultsOfGroup({ Networks: [network] });

test("no networks have no faults", () => {
  expect(textsOf(networksFaults(null))).toEqual([]);
});

test.each([
  [{ DynamicPorts: [{ Label: "a" }, { Label: "a" }] }, "Port label a already in use"],
  [{ ReservedPorts: [{ Label: "a", Value: 70_000 }] }, "cannot be greater than 65535"],
  [{ ReservedPorts: [{ Label: "a", Value: -4 }] }, "Port a (-4) cannot be negative"],
  [{ DynamicPorts: [{ Label: "a", To: 70_000 }] }, "cannot be mapped to a port (70000) greater"],
  [{ DynamicPorts: [{ Label: "a", To: -2 }] }, "cannot be mapped to negative value -2"],
  [{ DynamicPorts: [{ Label: "" }] }, "Port label must not be empty"],
  [
    {
      ReservedPorts: [
        { Label: "a", Value: 80 },
        { Label: "b", Value: 80 },
      ],
    },
    "Static port 80 already reserved by a",
  ],
  [{ Mode: "overlay" }, 'Invalid network mode "overlay"'],
  [{ Hostname: "h" }, "Hostname can only be set with the bridge or none network mode"],
  [{ Mode: "bridge", Hostname: "a".repeat(64) }, "has a label longer than 63 characters"],
])("the network %j is refused", (network, fault) => {
  expect(faults(network)).toContain(fault);
});

test.each([
  { Mode: "bridge", Hostname: "under_score!" },
  { Mode: "cni/blue" },
  { DynamicPorts: [{ Label: "a", To: -1 }] },
  {
    ReservedPorts: [
      { Label: "a", Value: 80 },
      { Label: "b", Value: 80, IgnoreCollision: true },
      { Label: "c", Value: 80, HostNetwork: "private" },
    ],
  },
])("the network %j is fine", (network) => {
  expect(faults(network)).toBe("");
});

test.each([
  { Mode: "none", Hostname: "h" },
  { Mode: "host" },
  { Mode: "none" },
  { Mode: "bridge", Hostname: `${"a".repeat(63)}.b` },
  { ReservedPorts: [{ Label: "a", Value: 65_535, To: 65_535 }] },
  { ReservedPorts: [{ Label: "a", Value: 1, To: 0 }] },
  { MBits: 0 },
])("the network %j is just right", (network) => {
  expect(faults(network)).toBe("");
});

test.each([
  [{ ReservedPorts: [{ Label: "a", Value: 65_536 }] }, "Port a (65536) cannot be greater"],
  [{ ReservedPorts: [{ Label: "a", Value: -1 }] }, "Port a (-1) cannot be negative"],
  [{ DynamicPorts: [{ Label: "a", To: 65_536 }] }, "cannot be mapped to a port (65536)"],
  [{ Mode: "bridge", Hostname: `b.${"a".repeat(64)}` }, "has a label longer than 63 characters"],
  [{ Mode: "cni/" }, 'Invalid network mode "cni/"'],
  [{ MBits: -1 }, "MBits must not be negative, got -1"],
  [{ Mode: "host", Hostname: "h" }, "Hostname can only be set with the bridge or none"],
  [
    { ReservedPorts: [{ Label: "a", Value: 80 }], DynamicPorts: [{ Label: "a" }] },
    "Port label a already in use",
  ],
  [
    {
      ReservedPorts: [
        { Label: "x", Value: 1 },
        { Label: "a", Value: 80, HostNetwork: "n" },
        { Label: "b", Value: 80, HostNetwork: "n" },
      ],
    },
    "Static port 80 already reserved by a",
  ],
])("the network %j is just wrong", (network, fault) => {
  expect(faults(network)).toContain(fault);
});

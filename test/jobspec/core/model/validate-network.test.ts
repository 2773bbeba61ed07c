import { expect, test } from "vitest";
import { networksFaults } from "../../../../src/jobspec/core/model/validate-network.ts";
import { faultsOfGroup } from "../../../support/job-faults.ts";

const faults = (network: object): string => faultsOfGroup({ Networks: [network] });

test("no networks have no faults", () => {
  expect(networksFaults({ Networks: null, Tasks: [] })).toEqual([]);
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
  [{ Mode: "bridge", Hostname: "a".repeat(64) }, "is not a valid DNS name"],
  [{ Mode: "bridge", Hostname: "a..b" }, "is not a valid DNS name"],
  [{ Mode: "bridge", Hostname: ".a" }, "is not a valid DNS name"],
  [{ Mode: "bridge", Hostname: "a.".repeat(128) }, "is not a valid DNS name"],
  [
    { Mode: "bridge", DynamicPorts: [{ Label: "a", IgnoreCollision: true }] },
    'Port collisions may not be ignored on non-host network mode "bridge"',
  ],
  [
    {
      ReservedPorts: [
        { Label: "a", Value: 80, IgnoreCollision: true },
        { Label: "b", Value: 80 },
      ],
    },
    "Static port 80 already reserved by a",
  ],
  [{ CNI: { Args: { "a;b": "c" } } }, "invalid ';' character in CNI arg key"],
  [{ CNI: { Args: { a: "b;c" } } }, "invalid ';' character in CNI arg value"],
])("the network %j is refused", (network, fault) => {
  expect(faults(network)).toContain(fault);
});

test.each([
  { Mode: "bridge", Hostname: "under_score!" },
  { Mode: "bridge", Hostname: "${meta.name}..x" },
  { Mode: "bridge", Hostname: "a.b." },
  { Mode: "cni/blue", CNI: { Args: { a: "b", c: "d" } } },
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

test("an argument for CNI plugins is given once in all networks", () => {
  const Networks = [{ CNI: { Args: { a: "b" } } }, { CNI: { Args: { a: "c" } } }];
  expect(faultsOfGroup({ Networks })).toContain('duplicate CNI arg "a"');
});

test("tasks that ask for networks of their own share the numbers of ports, not the labels", () => {
  const task = (Name: string, port: object) => ({
    Name,
    Driver: "exec",
    Resources: { Networks: [port] },
  });
  const label = { DynamicPorts: [{ Label: "a" }] };
  const fixed = { ReservedPorts: [{ Label: "a", Value: 80 }] };
  expect(faultsOfGroup({ Tasks: [task("t", label), task("u", label)] })).toBe("");
  expect(faultsOfGroup({ Tasks: [task("t", fixed), task("u", fixed)] })).toContain(
    "Static port 80 already reserved by a",
  );
  expect(faultsOfGroup({ Networks: [label], Tasks: [task("t", label)] })).toContain(
    "Port label a already in use by taskgroup network",
  );
});

test.each([
  { Mode: "none", Hostname: "h" },
  { Mode: "cni/blue", Hostname: "h" },
  { Hostname: "h" },
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
  [{ Mode: "bridge", Hostname: `b.${"a".repeat(64)}` }, "is not a valid DNS name"],
  [{ Mode: "cni/" }, 'Invalid network mode "cni/"'],
  [{ MBits: -1 }, "MBits must not be negative, got -1"],
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

import { expect, test } from "vitest";
import { allocationId } from "../../../../src/model/ids.ts";
import type { NetworkResource, Port } from "../../../../src/model/job.ts";
import {
  assignPorts,
  hostAddresses,
  portRanges,
} from "../../../../src/reconciler/core/scheduler/ports.ts";
import { NodeUsage, holdingOf } from "../../../../src/reconciler/core/scheduler/usage.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildNode } from "../../../support/build-node.ts";
import { buildNetwork, buildPort } from "../../../support/build-job.ts";

const port = (Label: string, Value: number, over: Partial<Port> = {}): Port =>
  buildPort({ Label, Value, ...over });
const network = (ReservedPorts: Port[], DynamicPorts: Port[] = []): NetworkResource =>
  buildNetwork({ ReservedPorts, DynamicPorts });
const taken = (...keys: [string, number][]): NodeUsage => {
  const usage = new NodeUsage();
  for (const [at, [HostIP, Value]] of keys.entries()) {
    const base = buildAllocation({ ID: allocationId(`holder-${at}`) });
    const holding = holdingOf({
      ...base,
      AllocatedResources: {
        ...base.AllocatedResources,
        Shared: {
          Networks: null,
          DiskMB: 0,
          Ports: [{ Label: "x", Value, To: 0, HostIP, IgnoreCollision: false }],
        },
      },
    });
    if (holding) usage.set(holding);
  }
  return usage;
};
const assign = (wanted: NetworkResource, usage = new NodeUsage(), node = buildNode()) =>
  assignPorts({ network: wanted, node, usage, previous: undefined, fraction: () => 0.5 });

test("a static port goes to the first free address, and to none when all are taken", () => {
  const door = network([port("door", 18099)]);
  expect(assign(door)).toMatchObject({ ports: [{ HostIP: "127.0.0.1", Value: 18099 }] });
  expect(assign(door, taken(["127.0.0.1", 18099]))).toMatchObject({
    ports: [{ HostIP: "::1" }],
    network: { IP: "127.0.0.1" },
  });
  expect(assign(door, taken(["127.0.0.1", 18099], ["::1", 18099]))).toEqual({
    exhausted: "network: reserved port collision door=18099",
  });
});

test("dynamic ports come from the node's range and never twice", () => {
  const node = buildNode();
  const small = buildNode("n", {
    NodeResources: { ...node.NodeResources, MinDynamicPort: 20000, MaxDynamicPort: 20001 },
  });
  const offer = assign(
    network([], [port("a", 0, { To: -1 }), port("b", 0)]),
    new NodeUsage(),
    small,
  );
  expect(offer).toMatchObject({
    ports: [
      { Value: 20001, To: 20001 },
      { Value: 20000, To: 0 },
    ],
  });
  expect(offer).toMatchObject({ network: { DynamicPorts: [{ Value: 20001 }, { Value: 20000 }] } });
});

test("reserved host ports are given to nobody", () => {
  const node = buildNode();
  const reserved = buildNode("n", {
    ReservedResources: {
      ...node.ReservedResources,
      Networks: { ReservedHostPorts: "22,8000-8100" },
    },
  });
  expect(assign(network([port("door", 8080)]), new NodeUsage(), reserved)).toHaveProperty(
    "exhausted",
  );
  expect(portRanges("22, 8000-8100, x")(22)).toBe(true);
  expect(portRanges("")(22)).toBe(false);
});

test("a collision that may be ignored is", () => {
  const shared = network([port("door", 18099, { IgnoreCollision: true })]);
  expect(assign(shared, taken(["127.0.0.1", 18099]))).toMatchObject({
    ports: [{ HostIP: "127.0.0.1" }],
  });
});

test("addresses belong to a named host network", () => {
  expect(hostAddresses(buildNode(), "").map((a) => a.Address)).toEqual(["127.0.0.1", "::1"]);
  expect(hostAddresses(buildNode(), "private")).toEqual([]);
});

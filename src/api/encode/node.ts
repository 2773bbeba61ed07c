import type { Node, NodeResources } from "../../model/node.ts";
import { encodeNetworks } from "./network.ts";

/** The node's secret never leaves; whether it drains is told twice, for older clients. */
export const encodeNode = (node: Node): object => ({
  ...node,
  SecretID: "",
  Drain: node.DrainStrategy !== null,
  NodeResources: encodeNodeResources(node.NodeResources),
});

export function encodeNodeStub(
  node: Node,
  options: { readonly resources: boolean; readonly os: boolean },
): object {
  return {
    Address: hostOf(node.HTTPAddr),
    ID: node.ID,
    ...(options.os ? { Attributes: osAttributes(node) } : {}),
    Datacenter: node.Datacenter,
    Name: node.Name,
    NodePool: node.NodePool,
    NodeClass: node.NodeClass,
    Version: node.Attributes["nomad.version"] ?? "",
    Drain: node.DrainStrategy !== null,
    SchedulingEligibility: node.SchedulingEligibility,
    Status: node.Status,
    StatusDescription: node.StatusDescription,
    Drivers: node.Drivers,
    HostVolumes: node.HostVolumes,
    ...(options.resources
      ? {
          NodeResources: encodeNodeResources(node.NodeResources),
          ReservedResources: node.ReservedResources,
        }
      : {}),
    LastDrain: node.LastDrain,
    CreateIndex: node.CreateIndex,
    ModifyIndex: node.ModifyIndex,
  };
}

const encodeNodeResources = (resources: NodeResources): object => ({
  ...resources,
  Networks: encodeNetworks(resources.Networks),
});

const osAttributes = (node: Node): object => {
  const name = node.Attributes["os.name"];
  return name === undefined ? {} : { "os.name": name };
};

/** `10.0.0.1:4646` and `[::1]:4646` without the port and the brackets. */
function hostOf(address: string): string {
  const colon = address.lastIndexOf(":");
  const host = colon < 0 ? address : address.slice(0, colon);
  return host.replace(/^\[(.*)\]$/, "$1");
}

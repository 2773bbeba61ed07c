import { intAttribute, textAttribute } from "../../src/model/device.ts";
import type { RequestedDevice } from "../../src/model/job.ts";
import type { NodeDeviceResource } from "../../src/model/node.ts";
import { buildNode } from "./build-node.ts";

/** GPUs of one model, healthy but those whose id ends with `!`. */
export const buildGpus = (
  name: string,
  ids: readonly string[],
  over: Partial<NodeDeviceResource> = {},
): NodeDeviceResource => ({
  Vendor: "nvidia",
  Type: "gpu",
  Name: name,
  Instances: ids.map((id) => ({
    ID: id,
    Healthy: !id.endsWith("!"),
    HealthDescription: "",
    Locality: null,
  })),
  Attributes: {
    memory: intAttribute(11_264, "MiB"),
    driver_version: textAttribute("535.54.3"),
  },
  ...over,
});

export const buildRequest = (over: Partial<RequestedDevice> = {}): RequestedDevice => ({
  Name: "gpu",
  Count: 1,
  Constraints: null,
  Affinities: null,
  ...over,
});

export function buildGpuNode(...devices: readonly NodeDeviceResource[]) {
  const node = buildNode();
  return buildNode("node-1", { NodeResources: { ...node.NodeResources, Devices: devices } });
}

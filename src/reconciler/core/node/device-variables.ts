import type { AllocatedDevice } from "../../../model/allocation.ts";
import type { StringMap } from "../../../model/job.ts";
import type { NodeDeviceResource } from "../../../model/node.ts";

/** What a task has to be told to find its devices. One of several models sees them all by one variable. */
export function deviceVariables(devices: readonly AllocatedDevice[] | null): StringMap {
  const ids = (devices ?? [])
    .filter(({ Vendor }) => Vendor === "nvidia")
    .flatMap(({ DeviceIDs }) => DeviceIDs);
  return ids.length > 0 ? { NVIDIA_VISIBLE_DEVICES: ids.join(",") } : {};
}

/** Instances that were given to a task and are not on this node any more. */
export function vanishedDevices(
  given: readonly AllocatedDevice[],
  present: readonly NodeDeviceResource[],
): string[] {
  const known = new Set(present.flatMap((device) => device.Instances.map(({ ID }) => ID)));
  return given.flatMap(({ DeviceIDs }) => DeviceIDs.filter((id) => !known.has(id)));
}

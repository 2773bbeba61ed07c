import type { Allocation } from "../../src/model/allocation.ts";
import { buildNetwork, buildPort } from "./build-job.ts";

/** The allocation with a network block of the older kind in its task: one static and one dynamic port. */
export function withTaskNetwork(allocation: Allocation, task: string): Allocation {
  const resources = allocation.AllocatedResources;
  const one = resources.Tasks[task];
  if (one === undefined) throw new Error(`no resources for ${task}`);
  const Networks = [
    buildNetwork({
      IP: "10.0.0.1",
      ReservedPorts: [buildPort({ Label: "admin", Value: 8080 })],
      DynamicPorts: [buildPort({ Label: "db", Value: 25_001 })],
    }),
  ];
  return {
    ...allocation,
    AllocatedResources: {
      ...resources,
      Tasks: { ...resources.Tasks, [task]: { ...one, Networks } },
    },
  };
}

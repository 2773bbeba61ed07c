import type { Allocation } from "../../src/model/allocation.ts";
import { buildNetwork } from "./build-job.ts";

const port = { HostNetwork: "default", To: 0, IgnoreCollision: false };

/** The allocation with a network block of the older kind in its task: one static and one dynamic port. */
export function withTaskNetwork(allocation: Allocation, task: string): Allocation {
  const resources = allocation.AllocatedResources;
  const one = resources.Tasks[task];
  if (one === undefined) throw new Error(`no resources for ${task}`);
  const Networks = [
    {
      ...buildNetwork({ Mode: "", Device: "lo", IP: "10.0.0.1" }),
      ReservedPorts: [{ ...port, Label: "admin", Value: 8080 }],
      DynamicPorts: [{ ...port, Label: "db", Value: 25_001 }],
    },
  ];
  return {
    ...allocation,
    AllocatedResources: {
      ...resources,
      Tasks: { ...resources.Tasks, [task]: { ...one, Networks } },
    },
  };
}

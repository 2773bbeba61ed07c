import type { AllocatedPort, Allocation } from "../../../model/allocation.ts";
import type { Json } from "../../../lib/json.ts";
import type { JsonMap } from "../../../model/job.ts";

/** The ports of the older network blocks inside `resources`, which belong to one task and not to its group. */
export function taskPorts(allocation: Allocation, task: string): readonly AllocatedPort[] {
  const networks = allocation.AllocatedResources.Tasks[task]?.Networks ?? [];
  return networks.flatMap(({ IP, ReservedPorts, DynamicPorts }) =>
    [...(ReservedPorts ?? []), ...(DynamicPorts ?? [])].map(({ Label, Value, To }) => ({
      Label,
      Value,
      To,
      HostIP: IP,
      IgnoreCollision: false,
    })),
  );
}

/** The port inside the container that the older option `port_map` gives a label; a block comes as a list of one. */
export function mappedPort(config: JsonMap | null, label: string): string | undefined {
  const given: Json | undefined = config?.["port_map"];
  for (const map of Array.isArray(given) ? given : [given]) {
    if (typeof map !== "object" || map === null || Array.isArray(map)) continue;
    const port = map[label];
    if (typeof port === "number" || typeof port === "string") return String(port);
  }
  return undefined;
}

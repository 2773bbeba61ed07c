import type { Job, JsonMap } from "../../../model/job.ts";
import { faultsOf, quoted } from "./faults.ts";
import type { JobFault } from "./faults.ts";

/** What a namespace lets its jobs use. A list that is not there or empty leaves everything open. */
export function namespaceFaults(job: Job, capabilities: JsonMap | null): JobFault[] {
  if (capabilities === null) return [];
  const isAllowed = (kind: string, name: string): boolean => {
    const enabled = textsOf(capabilities[`Enabled${kind}`]);
    const disabled = textsOf(capabilities[`Disabled${kind}`]);
    return (enabled.length === 0 || enabled.includes(name)) && !disabled.includes(name);
  };
  const drivers = job.TaskGroups.flatMap((group) => group.Tasks.map((task) => task.Driver));
  const modes = job.TaskGroups.flatMap((group) =>
    (group.Networks ?? []).map((network) => network.Mode || "host"),
  );
  return [
    ...told(
      "task driver",
      drivers.filter((driver) => !isAllowed("TaskDrivers", driver)),
      job.Namespace,
    ),
    ...told(
      "group network mode",
      modes.filter((mode) => !isAllowed("NetworkModes", mode)),
      job.Namespace,
    ),
  ];
}

function told(what: string, names: readonly string[], namespace: string): JobFault[] {
  const [only, second] = names;
  if (only === undefined) return [];
  const text =
    second === undefined
      ? `used ${what} ${quoted(only)} is not allowed in namespace ${quoted(namespace)}`
      : `used ${what}s [${names.map(quoted).join(" ")}] are not allowed in namespace ${quoted(namespace)}`;
  return faultsOf([true, text, "Namespace"]);
}

const textsOf = (list: unknown): readonly string[] =>
  Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];

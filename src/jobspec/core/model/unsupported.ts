import type { JsonMap } from "../../../model/job.ts";
import type { Job, Service, Task, TaskGroup } from "../../../model/job.ts";
import { eachOf, faultsOf, within } from "./faults.ts";
import type { JobFault } from "./faults.ts";

/**
 * Parts of the job language that need a system this cluster does not have. Each is refused with one text instead
 * of being stored and ignored.
 */
export function unsupportedFaults(job: Job): JobFault[] {
  const ofTasks = (rule: (task: Task) => readonly JobFault[]): JobFault[] =>
    eachOf("TaskGroups", job.TaskGroups, (group) => eachOf("Tasks", group.Tasks, rule));
  return [
    ...eachOf("TaskGroups", job.TaskGroups, (group) =>
      eachOf("Services", group.Services, connectFault),
    ),
    ...first([
      ...eachOf("TaskGroups", job.TaskGroups, consulClusterFaults),
      ...ofTasks(consulClusterFaults),
    ]),
    ...first(ofTasks(vaultFault)),
    ...eachOf("TaskGroups", job.TaskGroups, csiFaults),
    ...faultsOf([job.Multiregion !== null, "Multiregion jobs are unlicensed.", "Multiregion"]),
    ...first(ofTasks(numaFault)),
    ...first(
      ofTasks((task) =>
        faultsOf([task.Schedule !== null, "task schedules require Nomad Enterprise", "Schedule"]),
      ),
    ),
  ];
}

const first = (faults: readonly JobFault[]): readonly JobFault[] => faults.slice(0, 1);

/** Where a connect block may not stand at all, the rules of the job say so. */
const connectFault = (service: Service): JobFault[] =>
  faultsOf([
    service.Connect !== null && service.Provider !== "nomad",
    () => `Service "${service.Name}" uses connect, which needs Consul and is not available`,
    "Connect",
  ]);

/** The free edition knows one Consul only, and so do we. */
function consulClusterFaults({ Consul, Services }: Pick<Task, "Consul" | "Services">): JobFault[] {
  const text = "non-default Consul cluster requires Nomad Enterprise";
  return [
    ...faultsOf([Consul !== null && clusterOf(Consul) !== "default", text, "Consul"]),
    ...eachOf("Services", Services, ({ Provider, Cluster }) =>
      faultsOf([Provider === "consul" && !["", "default"].includes(Cluster), text, "Cluster"]),
    ),
  ];
}

const vaultFault = ({ Vault: vault }: Task): JobFault[] =>
  vault === null
    ? []
    : faultsOf([true, `Vault "${clusterOf(vault)}" not enabled but used in the job`, "Vault"]);

const clusterOf = (vault: JsonMap): string =>
  typeof vault["Cluster"] === "string" && vault["Cluster"] !== "" ? vault["Cluster"] : "default";

const csiFaults = (group: TaskGroup): JobFault[] => [
  ...Object.entries(group.Volumes ?? {}).flatMap(([name, request]) =>
    faultsOf([
      request.Type === "csi",
      () => `Volume "${name}" of group "${group.Name}" is a CSI volume, which is not available`,
      "Volumes",
      name,
    ]),
  ),
  ...eachOf("Tasks", group.Tasks, (task) =>
    faultsOf([
      task.CSIPluginConfig !== null,
      () => `Task "${task.Name}" is a CSI plugin, which is not available`,
      "CSIPluginConfig",
    ]),
  ),
];

const numaFault = (task: Task): JobFault[] =>
  within(
    ["Resources"],
    faultsOf([usesNuma(task), "numa scheduling requires Nomad Enterprise", "NUMA"]),
  );

/** An affinity of "none" asks for nothing. */
const usesNuma = (task: Task): boolean =>
  task.Resources.NUMA !== null && task.Resources.NUMA["Affinity"] !== "none";

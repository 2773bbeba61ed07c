import type { JsonMap } from "../../../model/job.ts";
import type { Job, Service, Task } from "../../../model/job.ts";

/**
 * Parts of the job language that need a system this cluster does not have. Each is refused with one text instead
 * of being stored and ignored.
 */
export function unsupportedFaults(job: Job): string[] {
  const tasks = job.TaskGroups.flatMap((group) => group.Tasks);
  const services = [
    ...job.TaskGroups.flatMap((group) => group.Services ?? []),
    ...tasks.flatMap((task) => task.Services ?? []),
  ];
  return [
    ...job.TaskGroups.flatMap((group) => (group.Services ?? []).flatMap(connectFault)),
    ...consulClusterFault(job, services),
    ...first(vaultClusters(tasks).map((name) => `Vault "${name}" not enabled but used in the job`)),
    ...csiFaults(job),
    ...(job.Multiregion === null ? [] : ["Multiregion jobs are unlicensed."]),
    ...first(
      tasks.filter((task) => usesNuma(task)).map(() => "numa scheduling requires Nomad Enterprise"),
    ),
    ...first(
      tasks
        .filter((task) => task.Schedule !== null)
        .map(() => "task schedules require Nomad Enterprise"),
    ),
  ];
}

const first = (texts: readonly string[]): readonly string[] => texts.slice(0, 1);

/** Where a connect block may not stand at all, the rules of the job say so. */
const connectFault = (service: Service): string[] =>
  service.Connect === null || service.Provider === "nomad"
    ? []
    : [`Service "${service.Name}" uses connect, which needs Consul and is not available`];

/** The free edition knows one Consul only, and so do we. */
const consulClusterFault = (job: Job, services: readonly Service[]): readonly string[] => {
  const blocks = job.TaskGroups.flatMap((group) => [
    group.Consul,
    ...group.Tasks.map((task) => task.Consul),
  ]);
  const clusters = [
    ...blocks.flatMap((consul) => (consul === null ? [] : [clusterOf(consul)])),
    ...services.flatMap(({ Provider, Cluster }) => (Provider === "consul" ? [Cluster] : [])),
  ];
  return clusters.some((cluster) => cluster !== "default" && cluster !== "")
    ? ["non-default Consul cluster requires Nomad Enterprise"]
    : [];
};

const vaultClusters = (tasks: readonly Task[]): string[] =>
  tasks.flatMap((task) => (task.Vault === null ? [] : [clusterOf(task.Vault)]));

const clusterOf = (vault: JsonMap): string =>
  typeof vault["Cluster"] === "string" && vault["Cluster"] !== "" ? vault["Cluster"] : "default";

const csiFaults = (job: Job): string[] =>
  job.TaskGroups.flatMap((group) => [
    ...Object.entries(group.Volumes ?? {})
      .filter(([, request]) => request.Type === "csi")
      .map(
        ([name]) =>
          `Volume "${name}" of group "${group.Name}" is a CSI volume, which is not available`,
      ),
    ...group.Tasks.filter((task) => task.CSIPluginConfig !== null).map(
      (task) => `Task "${task.Name}" is a CSI plugin, which is not available`,
    ),
  ]);

/** An affinity of "none" asks for nothing. */
const usesNuma = (task: Task): boolean =>
  task.Resources.NUMA !== null && task.Resources.NUMA["Affinity"] !== "none";

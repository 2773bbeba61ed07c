import type { Allocation } from "../model/allocation.ts";
import type { JobKey } from "../model/ids.ts";
import type { Job } from "../model/job.ts";
import type { SchedulerConfiguration } from "../model/scheduler-config.ts";
import type { ListQuery, StateReader } from "./reader.ts";
import { listByCreation, listByKey, listByNamespacedId } from "./tables/listing.ts";
import type { Listing } from "./tables/listing.ts";
import type { RowTable } from "./tables/row-table.ts";
import type { Tables, VersionRow } from "./tables/tables.ts";

const byCreation = "ORDER BY create_index, id";
const ofJob = "WHERE namespace = ? AND job_id = ?";

export function createStateReader(tables: Tables): StateReader {
  return {
    tableIndex: (...names) =>
      names.length === 0
        ? Math.max(1, tables.indexes.applied())
        : Math.max(1, ...names.map((name) => tables.indexes.last(name))),
    ...jobReads(tables),
    ...allocationReads(tables),
    ...rolloutReads(tables),
    ...serviceReads(tables),
    ...clusterReads(tables),
  };
}

type JobReads = Pick<
  StateReader,
  | "job"
  | "jobs"
  | "jobVersion"
  | "jobVersions"
  | "jobSummary"
  | "jobSubmission"
  | "scalingEvents"
  | "jobChildren"
>;
type AllocationReads = Pick<
  StateReader,
  | "allocation"
  | "allocations"
  | "allocationsByJob"
  | "allocationsByNode"
  | "allocationsByEvaluation"
  | "allocationsByDeployment"
  | "jobOfAllocation"
>;
type RolloutReads = Pick<
  StateReader,
  | "evaluation"
  | "evaluations"
  | "evaluationsByJob"
  | "evaluationsByStatus"
  | "deployment"
  | "deployments"
  | "deploymentsByJob"
  | "latestDeployment"
  | "activeDeployments"
>;
type ServiceReads = Pick<
  StateReader,
  | "service"
  | "services"
  | "servicesNamed"
  | "servicesByJob"
  | "servicesByAllocation"
  | "servicesByNode"
>;
type ClusterReads = Pick<
  StateReader,
  | "node"
  | "nodes"
  | "jobSources"
  | "namespace"
  | "namespaces"
  | "nodePool"
  | "nodePools"
  | "schedulerConfig"
>;

function jobReads(tables: Tables): JobReads {
  const job = (key: JobKey): Job | undefined => tables.jobs.get(key.namespace, key.id);
  /** The present version's status is in the job's own row. */
  const present = (version: Job): Job => {
    const current = tables.jobs.get(version.Namespace, version.ID);
    const isPresent =
      current?.Version === version.Version && current.CreateIndex === version.CreateIndex;
    return isPresent ? current : version;
  };
  const versionOf = (row: VersionRow | undefined): Job | undefined => row && present(row.job);
  const listed = (key: JobKey, condition: string, ...values: readonly number[]): readonly Job[] =>
    tables.versions
      .select(
        `WHERE namespace = ? AND id = ? AND listed = 1 ${condition} ORDER BY create_index DESC, version DESC`,
        key.namespace,
        key.id,
        ...values,
      )
      .map((row) => present(row.job));
  return {
    job,
    jobs: (query) => run(tables.jobs, listByNamespacedId(query)),
    jobVersion: (key, version, createIndex) =>
      createIndex === undefined
        ? listed(key, "AND version = ?", version)[0]
        : versionOf(tables.versions.get(key.namespace, key.id, createIndex, version)),
    jobVersions: (key) => listed(key, ""),
    jobSummary: (key) => tables.summaries.get(key.namespace, key.id),
    jobSubmission: (key, version) => {
      const row = tables.submissions.get(key.namespace, key.id, version);
      if (row === undefined) return undefined;
      const { Source, Format, VariableFlags, Variables, JobModifyIndex } = row;
      return { Source, Format, VariableFlags, Variables, JobModifyIndex };
    },
    scalingEvents: (key) => tables.scalingEvents.get(key.namespace, key.id),
    jobChildren: (key) =>
      tables.jobs.select(
        "WHERE namespace = ? AND parent_id = ? ORDER BY namespace, id",
        key.namespace,
        key.id,
      ),
  };
}

function allocationReads(tables: Tables): AllocationReads {
  const { allocations } = tables;
  const byJob = (key: JobKey): readonly Allocation[] =>
    allocations.select(`${ofJob} ${byCreation}`, key.namespace, key.id);
  return {
    allocation: (id) => allocations.get(id),
    allocations: (query) => run(allocations, listByCreation(query)),
    allocationsByJob: (key, options) => {
      const all = byJob(key);
      const createIndex = tables.jobs.get(key.namespace, key.id)?.CreateIndex;
      if (options?.anyCreateIndex || createIndex === undefined) return all;
      return all.filter((allocation) => allocation.JobCreateIndex === createIndex);
    },
    allocationsByNode: (id) => allocations.select(`WHERE node_id = ? ${byCreation}`, id),
    allocationsByEvaluation: (id) =>
      allocations.select(`WHERE evaluation_id = ? ${byCreation}`, id),
    allocationsByDeployment: (id) =>
      allocations.select(`WHERE deployment_id = ? ${byCreation}`, id),
    jobOfAllocation: ({ Namespace, JobID, JobCreateIndex, JobVersion }) =>
      tables.versions.get(Namespace, JobID, JobCreateIndex, JobVersion)?.job,
  };
}

function rolloutReads(tables: Tables): RolloutReads {
  const { evaluations, deployments } = tables;
  return {
    evaluation: (id) => evaluations.get(id),
    evaluations: (query) => run(evaluations, listByCreation(query)),
    evaluationsByJob: (key) => evaluations.select(`${ofJob} ${byCreation}`, key.namespace, key.id),
    evaluationsByStatus: (status) => evaluations.select(`WHERE status = ? ${byCreation}`, status),
    deployment: (id) => deployments.get(id),
    deployments: (query) => run(deployments, listByCreation(query)),
    deploymentsByJob: (key) => deployments.select(`${ofJob} ${byCreation}`, key.namespace, key.id),
    latestDeployment: (key) =>
      deployments.select(
        `${ofJob} ORDER BY create_index DESC, id DESC LIMIT 1`,
        key.namespace,
        key.id,
      )[0],
    activeDeployments: () => deployments.select(`WHERE active = 1 ${byCreation}`),
  };
}

function serviceReads({ services }: Tables): ServiceReads {
  const byId = "ORDER BY namespace, id";
  return {
    service: ({ namespace, id }) => services.get(namespace, id),
    services: (query) => run(services, listByNamespacedId(query)),
    servicesNamed: (name, query) =>
      run(services, listByNamespacedId(query, { column: "service_name", value: name })),
    servicesByJob: (key) => services.select(`${ofJob} ${byId}`, key.namespace, key.id),
    servicesByAllocation: (id) => services.select(`WHERE alloc_id = ? ${byId}`, id),
    servicesByNode: (id) => services.select(`WHERE node_id = ? ${byId}`, id),
  };
}

function clusterReads(tables: Tables): ClusterReads {
  return {
    node: (id) => tables.nodes.get(id),
    nodes: (query) => run(tables.nodes, listByKey("id", query, true)),
    jobSources: () => tables.sources.select("ORDER BY agent, path"),
    namespace: (name) => tables.namespaces.get(name),
    namespaces: (query: ListQuery) => run(tables.namespaces, listByKey("name", query)),
    nodePool: (name) => tables.pools.get(name),
    nodePools: (query) => run(tables.pools, listByKey("name", query)),
    schedulerConfig: () => requireConfig(tables.schedulerConfig.get(1)),
  };
}

const run = <T>(table: Pick<RowTable<T>, "select">, { rest, values }: Listing): readonly T[] =>
  table.select(rest, ...values);

function requireConfig(config: SchedulerConfiguration | undefined): SchedulerConfiguration {
  if (config === undefined) throw new Error("the state has no scheduler configuration");
  return config;
}

import type { Allocation } from "../../../src/model/allocation.ts";
import type { Deployment } from "../../../src/model/deployment.ts";
import type { Evaluation } from "../../../src/model/evaluation.ts";
import type { Job, JobSubmission, JobSummary } from "../../../src/model/job.ts";
import type { JobSource } from "../../../src/model/job-source.ts";
import type { Namespace, NodePool } from "../../../src/model/namespace.ts";
import type { Node } from "../../../src/model/node.ts";
import type { ServiceRegistration } from "../../../src/model/service.ts";
import type { SchedulerConfiguration } from "../../../src/model/scheduler-config.ts";
import { createChangeFeed } from "../../../src/store/changes.ts";
import type { CommandBodies, CommandOutcomes, CommandType } from "../../../src/store/commands.ts";
import type { ListQuery, StateReader, TableName } from "../../../src/store/reader.ts";
import type { Store } from "../../../src/store/store.ts";
import { buildSchedulerConfig } from "../../support/build-scheduler-config.ts";

export interface Tables {
  jobs: Job[];
  versions: Job[];
  summaries: JobSummary[];
  submissions: Map<string, JobSubmission & { readonly JobModifyIndex: number }>;
  allocations: Allocation[];
  evaluations: Evaluation[];
  deployments: Deployment[];
  services: ServiceRegistration[];
  nodes: Node[];
  sources: JobSource[];
  namespaces: Namespace[];
  pools: NodePool[];
  config: SchedulerConfiguration;
}
type Outcome = (type: CommandType, body: unknown) => unknown;

/** Rows in arrays, written by hand; commands are kept and answered with what the test says. */
export class FakeStore implements Store {
  readonly tables: Tables;
  readonly feed = createChangeFeed();
  readonly changes = this.feed;
  readonly commands: { readonly type: CommandType; readonly body: unknown }[] = [];
  readonly indexes = new Map<TableName, number>();
  index = 100;
  leader: string | undefined = "server-1";
  outcome: Outcome = () => ({ ok: true });
  readonly read: StateReader;
  readonly leadership = {
    isLeader: () => this.leader !== undefined,
    leaderId: () => this.leader,
    subscribe: () => () => undefined,
  };

  constructor(tables: Partial<Tables> = {}) {
    this.tables = {
      jobs: [],
      versions: [],
      summaries: [],
      submissions: new Map(),
      allocations: [],
      evaluations: [],
      deployments: [],
      services: [],
      nodes: [],
      sources: [],
      namespaces: [],
      pools: [],
      config: buildSchedulerConfig(),
      ...tables,
    };
    this.read = this.#reader();
  }

  async write<K extends CommandType>(type: K, body: CommandBodies[K]) {
    this.commands.push({ type, body });
    this.index += 1;
    const outcome = this.outcome(type, body) as CommandOutcomes[K];
    return Promise.resolve({ index: this.index, outcome });
  }

  /** Says that something changed, as the apply does after commit. */
  changed(table: TableName, key: string): void {
    this.index += 1;
    this.indexes.set(table, this.index);
    this.feed.publish({ index: this.index, changes: [{ table, key }] });
  }

  #reader(): StateReader {
    const t = this.tables;
    const sameJob =
      (key: { namespace: string; id: string }) =>
      (row: { Namespace: string; ID?: string; JobID?: string }): boolean =>
        row.Namespace === key.namespace && (row.JobID ?? row.ID) === key.id;
    const created = (row: { ID: string; CreateIndex: number }, query: ListQuery): string =>
      query.prefix === undefined ? `${String(row.CreateIndex).padStart(9, "0")}.${row.ID}` : row.ID;
    const createdFrom = (query: ListQuery): string | undefined =>
      query.prefix === undefined
        ? query.from?.replace(/^\d+/, (n) => n.padStart(9, "0"))
        : query.from;
    return {
      tableIndex: (...names) =>
        names.length === 0
          ? this.index
          : Math.max(1, ...names.map((name) => this.indexes.get(name) ?? 10)),
      job: (key) => t.jobs.find(sameJob(key)),
      jobs: (query) =>
        select(
          t.jobs,
          query,
          (job) => `${job.Namespace}.${job.ID}`,
          (job) => job.ID,
        ),
      jobVersion: (key, version) =>
        t.versions.find((job) => sameJob(key)(job) && job.Version === version),
      jobVersions: (key) => t.versions.filter(sameJob(key)).sort((a, b) => b.Version - a.Version),
      jobSummary: (key) => t.summaries.find(sameJob(key)),
      jobSubmission: (key, version) => t.submissions.get(`${key.namespace}/${key.id}/${version}`),
      scalingEvents: () => undefined,
      service: ({ namespace, id }) =>
        t.services.find((row) => row.Namespace === namespace && row.ID === id),
      services: (query) => select(t.services, query, byNamespacedId, (row) => row.ID),
      servicesNamed: (name, query) =>
        select(
          t.services.filter((row) => row.ServiceName === name),
          query,
          byNamespacedId,
          (row) => row.ID,
        ),
      servicesByJob: (key) =>
        t.services.filter(
          ({ Namespace, JobID }) => Namespace === key.namespace && JobID === key.id,
        ),
      servicesByAllocation: (id) => t.services.filter((row) => row.AllocID === id),
      servicesByNode: (id) => t.services.filter((row) => row.NodeID === id),
      jobChildren: (key) =>
        t.jobs.filter((job) => job.Namespace === key.namespace && job.ParentID === key.id),
      allocation: (id) => t.allocations.find((row) => row.ID === id),
      allocations: (query) =>
        select(
          t.allocations,
          { ...query, from: createdFrom(query) },
          (row) => created(row, query),
          (row) => row.ID,
        ),
      allocationsByJob: (key) => t.allocations.filter(sameJob(key)),
      allocationsByNode: (id) => t.allocations.filter((row) => row.NodeID === id),
      allocationsByEvaluation: (id) => t.allocations.filter((row) => row.EvalID === id),
      allocationsByDeployment: (id) => t.allocations.filter((row) => row.DeploymentID === id),
      jobOfAllocation: (row) =>
        t.versions.find(
          (job) =>
            job.Namespace === row.Namespace &&
            job.ID === row.JobID &&
            job.Version === row.JobVersion,
        ) ?? t.jobs.find((job) => job.Namespace === row.Namespace && job.ID === row.JobID),
      evaluation: (id) => t.evaluations.find((row) => row.ID === id),
      evaluations: (query) =>
        select(
          t.evaluations,
          { ...query, from: createdFrom(query) },
          (row) => created(row, query),
          (row) => row.ID,
        ),
      evaluationsByJob: (key) => t.evaluations.filter(sameJob(key)),
      evaluationsByStatus: (status) => t.evaluations.filter((row) => row.Status === status),
      deployment: (id) => t.deployments.find((row) => row.ID === id),
      deployments: (query) =>
        select(
          t.deployments,
          { ...query, from: createdFrom(query) },
          (row) => created(row, query),
          (row) => row.ID,
        ),
      deploymentsByJob: (key) => t.deployments.filter(sameJob(key)),
      latestDeployment: (key) => t.deployments.filter(sameJob(key)).at(-1),
      activeDeployments: () => t.deployments,
      node: (id) => t.nodes.find((row) => row.ID === id),
      nodes: (query) =>
        select(
          t.nodes,
          query,
          (row) => row.ID,
          (row) => row.ID,
        ),
      jobSources: () => t.sources,
      namespace: (name) => t.namespaces.find((row) => row.Name === name),
      namespaces: (query) =>
        select(
          t.namespaces,
          query,
          (row) => row.Name,
          (row) => row.Name,
        ),
      nodePool: (name) => t.pools.find((row) => row.Name === name),
      nodePools: (query) =>
        select(
          t.pools,
          query,
          (row) => row.Name,
          (row) => row.Name,
        ),
      schedulerConfig: () => t.config,
    };
  }
}

const byNamespacedId = (row: ServiceRegistration): string => `${row.Namespace}.${row.ID}`;

function select<Row extends object>(
  rows: readonly Row[],
  query: Omit<ListQuery, "from"> & { readonly from?: string | undefined },
  key: (row: Row) => string,
  name: (row: Row) => string,
): readonly Row[] {
  const sorted = rows
    .filter(
      (row) =>
        !("Namespace" in row) ||
        query.namespace === undefined ||
        query.namespace === "*" ||
        row.Namespace === query.namespace,
    )
    .filter((row) =>
      name(row)
        .replaceAll("-", "")
        .startsWith((query.prefix ?? "").replaceAll("-", "")),
    )
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
  if (query.reverse === true) sorted.reverse();
  const start =
    query.from === undefined
      ? 0
      : sorted.findIndex((row) =>
          query.reverse === true ? key(row) <= (query.from ?? "") : key(row) >= (query.from ?? ""),
        );
  return start < 0 ? [] : sorted.slice(start, start + (query.limit ?? sorted.length));
}

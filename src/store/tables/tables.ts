import { assert } from "../../lib/errors.ts";
import type { Database } from "../../lib/system/sqlite.ts";
import { isTerminal } from "../../model/allocation.ts";
import type { Allocation } from "../../model/allocation.ts";
import { isDeploymentActive } from "../../model/deployment.ts";
import type { Deployment } from "../../model/deployment.ts";
import type { Evaluation } from "../../model/evaluation.ts";
import type { Job, JobSubmission, JobSummary } from "../../model/job.ts";
import type { JobSource } from "../../model/job-source.ts";
import type { Namespace, NodePool } from "../../model/namespace.ts";
import type { Node } from "../../model/node.ts";
import type { JobScalingEvents } from "../../model/scaling.ts";
import type { SchedulerConfiguration } from "../../model/scheduler-config.ts";
import type { ServiceRegistration } from "../../model/service.ts";
import { openIndexes } from "./indexes.ts";
import type { Indexes } from "./indexes.ts";
import { openParts } from "./parts.ts";
import type { Parts, PartsRef } from "./parts.ts";
import { openAbridgedTable, openRowTable } from "./row-table.ts";
import type { RowTable, StoredForm } from "./row-table.ts";

/** A job as one of its versions. Unlisted ones are kept only for the allocations that still belong to them. */
export interface VersionRow {
  readonly job: Job;
  readonly listed: boolean;
}
export interface SubmissionRow extends JobSubmission {
  readonly Namespace: string;
  readonly JobID: string;
  readonly Version: number;
  readonly JobModifyIndex: number;
}
export interface Tables {
  readonly jobs: RowTable<Job, JobHead>;
  readonly versions: RowTable<VersionRow, StoredVersion>;
  readonly submissions: RowTable<SubmissionRow>;
  readonly summaries: RowTable<JobSummary>;
  readonly scalingEvents: RowTable<JobScalingEvents>;
  readonly evaluations: RowTable<Evaluation>;
  readonly allocations: RowTable<Allocation>;
  readonly deployments: RowTable<Deployment>;
  readonly services: RowTable<ServiceRegistration>;
  readonly nodes: RowTable<Node>;
  readonly sources: RowTable<JobSource>;
  readonly namespaces: RowTable<Namespace>;
  readonly pools: RowTable<NodePool>;
  readonly schedulerConfig: RowTable<SchedulerConfiguration>;
  readonly indexes: Indexes;
  /** The large values of the others. */
  readonly parts: Parts;
}

export function openTables(database: Database): Tables {
  const parts = openParts(database);
  return {
    ...openJobTables(database, parts),
    evaluations: openAbridgedTable<Evaluation, Evaluation>(database, {
      name: "evaluations",
      key: ["id"],
      columns: {
        id: (row) => row.ID,
        namespace: (row) => row.Namespace,
        job_id: (row) => row.JobID,
        status: (row) => row.Status,
        create_index: (row) => row.CreateIndex,
      },
      ...detailsApart(parts),
    }),
    allocations: openRowTable<Allocation>(database, {
      name: "allocations",
      key: ["id"],
      columns: {
        id: (row) => row.ID,
        namespace: (row) => row.Namespace,
        job_id: (row) => row.JobID,
        job_create_index: (row) => row.JobCreateIndex,
        job_version: (row) => row.JobVersion,
        node_id: (row) => row.NodeID,
        evaluation_id: (row) => row.EvalID,
        deployment_id: (row) => row.DeploymentID,
        terminal: (row) => Number(isTerminal(row)),
        create_index: (row) => row.CreateIndex,
      },
    }),
    deployments: openRowTable<Deployment>(database, {
      name: "deployments",
      key: ["id"],
      columns: {
        id: (row) => row.ID,
        namespace: (row) => row.Namespace,
        job_id: (row) => row.JobID,
        active: (row) => Number(isDeploymentActive(row)),
        create_index: (row) => row.CreateIndex,
      },
    }),
    ...openClusterTables(database),
    indexes: openIndexes(database),
    parts,
  };
}

/** Writes everything that was put. */
export function flushTables({ indexes: _indexes, parts: _parts, ...tables }: Tables): void {
  for (const table of Object.values(tables)) table.flush();
}

function openJobTables(
  database: Database,
  parts: Parts,
): Pick<Tables, "jobs" | "versions" | "submissions" | "summaries" | "scalingEvents"> {
  const versions = openAbridgedTable<VersionRow, StoredVersion>(database, {
    name: "job_versions",
    key: ["namespace", "id", "create_index", "version"],
    columns: {
      namespace: (row) => row.job.Namespace,
      id: (row) => row.job.ID,
      create_index: (row) => row.job.CreateIndex,
      version: (row) => row.job.Version,
      listed: (row) => Number(row.listed),
    },
    ...groupsApart(parts),
  });
  return {
    versions,
    jobs: openAbridgedTable<Job, JobHead>(database, {
      name: "jobs",
      key: ["namespace", "id"],
      columns: {
        namespace: (row) => row.Namespace,
        id: (row) => row.ID,
        parent_id: (row) => row.ParentID,
        status: (row) => row.Status,
        node_pool: (row) => row.NodePool,
      },
      // The spec is in the present version's row: a job that changes its status need not be written anew.
      abridge: ({ Namespace, ID, CreateIndex, Version, Status, ModifyIndex, Stable }) => ({
        Namespace,
        ID,
        CreateIndex,
        Version,
        Status,
        ModifyIndex,
        Stable,
      }),
      complete: (stored) => {
        const key = [stored.Namespace, stored.ID, stored.CreateIndex, stored.Version] as const;
        const version = versions.get(...key);
        assert(version !== undefined, `job ${stored.ID} has its present version`);
        return { ...version.job, ...stored };
      },
    }),
    submissions: openRowTable<SubmissionRow>(database, {
      name: "job_submissions",
      key: ["namespace", "id", "version"],
      columns: {
        namespace: (row) => row.Namespace,
        id: (row) => row.JobID,
        version: (row) => row.Version,
      },
      cacheLimit: 200,
    }),
    summaries: openRowTable<JobSummary>(database, {
      name: "job_summaries",
      key: ["namespace", "id"],
      columns: { namespace: (row) => row.Namespace, id: (row) => row.JobID },
    }),
    scalingEvents: openRowTable<JobScalingEvents>(database, {
      name: "scaling_events",
      key: ["namespace", "id"],
      columns: { namespace: (row) => row.Namespace, id: (row) => row.JobID },
      cacheLimit: 200,
    }),
  };
}

export interface StoredVersion extends VersionRow {
  /** Where the groups of a large job are, and its meta; without it they are in the row. */
  readonly groups?: PartsRef;
  readonly meta?: PartsRef;
}

const groupsApart = (parts: Parts): StoredForm<VersionRow, StoredVersion> => ({
  abridge({ job, listed }) {
    const groups = parts.refOf(job.TaskGroups);
    const meta = job.Meta === null ? undefined : parts.refOf(job.Meta);
    return {
      job: { ...job, ...(groups ? { TaskGroups: [] } : {}), ...(meta ? { Meta: null } : {}) },
      listed,
      ...(groups ? { groups } : {}),
      ...(meta ? { meta } : {}),
    };
  },
  complete({ job, listed, groups, meta }: StoredVersion) {
    // What comes from there is what `keep` was given.
    return {
      job: {
        ...job,
        ...(groups ? { TaskGroups: parts.load(groups) as Job["TaskGroups"] } : {}),
        ...(meta ? { Meta: parts.load(meta) as Job["Meta"] } : {}),
      },
      listed,
    };
  },
});

/** What a job's own row says: the rest is in that of its present version. */
export type JobHead = Pick<
  Job,
  "Namespace" | "ID" | "CreateIndex" | "Version" | "Status" | "ModifyIndex" | "Stable"
>;

interface StoredEvaluation extends Evaluation {
  /** The same for what there is to say of each of very many groups. */
  readonly failures?: PartsRef;
  readonly annotations?: PartsRef;
}

const detailsApart = (parts: Parts): StoredForm<Evaluation, Evaluation> => ({
  abridge(row) {
    const failures = row.FailedTGAllocs && parts.refOf(row.FailedTGAllocs);
    const annotations = row.PlanAnnotations && parts.refOf(row.PlanAnnotations);
    return {
      ...row,
      ...(failures ? { FailedTGAllocs: null, failures } : {}),
      ...(annotations ? { PlanAnnotations: null, annotations } : {}),
    };
  },
  complete({ failures, annotations, ...row }: StoredEvaluation) {
    return {
      ...row,
      ...(failures ? { FailedTGAllocs: parts.load(failures) as Evaluation["FailedTGAllocs"] } : {}),
      ...(annotations
        ? { PlanAnnotations: parts.load(annotations) as Evaluation["PlanAnnotations"] }
        : {}),
    };
  },
});

function openClusterTables(
  database: Database,
): Pick<Tables, "services" | "nodes" | "sources" | "namespaces" | "pools" | "schedulerConfig"> {
  return {
    services: openRowTable<ServiceRegistration>(database, {
      name: "services",
      key: ["namespace", "id"],
      columns: {
        namespace: (row) => row.Namespace,
        id: (row) => row.ID,
        service_name: (row) => row.ServiceName,
        job_id: (row) => row.JobID,
        alloc_id: (row) => row.AllocID,
        node_id: (row) => row.NodeID,
      },
    }),
    nodes: openRowTable<Node>(database, {
      name: "nodes",
      key: ["id"],
      columns: { id: (row) => row.ID, node_pool: (row) => row.NodePool },
    }),
    sources: openRowTable<JobSource>(database, {
      name: "job_sources",
      key: ["agent", "path"],
      columns: { agent: (row) => row.Agent, path: (row) => row.Path },
    }),
    namespaces: openRowTable<Namespace>(database, {
      name: "namespaces",
      key: ["name"],
      columns: { name: (row) => row.Name },
    }),
    pools: openRowTable<NodePool>(database, {
      name: "node_pools",
      key: ["name"],
      columns: { name: (row) => row.Name },
    }),
    schedulerConfig: openRowTable<SchedulerConfiguration>(database, {
      name: "scheduler_config",
      key: ["id"],
      columns: { id: () => 1 },
    }),
  };
}

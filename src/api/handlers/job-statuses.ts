import type { Job } from "../../model/job.ts";
import type { StateReader } from "../../store/reader.ts";
import { jobId } from "../../model/ids.ts";
import type { Read } from "../http/answer.ts";
import type { ReadHandler } from "../http/handler.ts";
import { parseJson } from "../http/json-body.ts";
import { selectRows } from "../http/list.ts";
import type { ReadOptions } from "../http/request.ts";
import { jobStatus } from "./job-views.ts";

const tables = ["jobs", "allocations", "deployments"] as const;

/** The jobs page: the latest change first. With a body, exactly the jobs that it names. */
export const jobStatuses: ReadHandler = ({ store }, request, options) => {
  const { read } = store;
  const asked = request.body === undefined ? undefined : askedJobs(read, request.body, options);
  const { jobs, nextToken } = asked ?? pageOf(read, options, false);
  return {
    index: jobs.reduce((last, job) => Math.max(last, changedAt(read, job)), 1),
    watch: tables.map((table) => ({ table })),
    body: () => ({ value: jobs.map((job) => jobStatus(read, job)), nextToken }),
  } satisfies Read;
};

interface Page {
  readonly jobs: readonly Job[];
  readonly nextToken: string | undefined;
}

function askedJobs(read: StateReader, body: string, options: ReadOptions): Page {
  const fields = parseJson(body);
  const named = fields.objects("jobs") ?? [];
  if (named.length === 0) return pageOf(read, options, fields.bool("IncludeChildren") ?? false);
  const jobs = named.flatMap((one) => {
    const job = read.job({
      namespace: one.text("namespace") || "default",
      id: jobId(one.text("id") ?? ""),
    });
    return job ? [job] : [];
  });
  return { jobs: inOrder(jobs, options), nextToken: undefined };
}

/** In memory: the order is by last change, which no index of the store has. */
function pageOf(read: StateReader, options: ReadOptions, children: boolean): Page {
  const { rows } = selectRows<Job>(
    {
      fetch: (query) => read.jobs(query),
      token: (job) => String(job.ModifyIndex),
      encode: () => undefined,
      keep: (job) => children || job.ParentID === "",
    },
    { ...options, perPage: 0, nextToken: "", reverse: false },
  );
  const sorted = inOrder(rows, options);
  const from = Number(options.nextToken || "0");
  const start =
    from === 0
      ? 0
      : sorted.findIndex((job) => job.ModifyIndex === from || isPast(job, from, options));
  const rest = start < 0 ? [] : sorted.slice(start);
  if (options.perPage === 0) return { jobs: rest, nextToken: undefined };
  const next = rest[options.perPage];
  return {
    jobs: rest.slice(0, options.perPage),
    nextToken: next ? String(next.ModifyIndex) : undefined,
  };
}

const isPast = (job: Job, from: number, options: ReadOptions): boolean =>
  options.reverse ? job.ModifyIndex > from : job.ModifyIndex < from;

function inOrder(jobs: readonly Job[], options: ReadOptions): readonly Job[] {
  const sorted = [...jobs].sort(
    (a, b) => b.ModifyIndex - a.ModifyIndex || (a.ID < b.ID ? -1 : a.ID > b.ID ? 1 : 0),
  );
  return options.reverse ? sorted.reverse() : sorted;
}

function changedAt(read: StateReader, job: Job): number {
  const key = { namespace: job.Namespace, id: job.ID };
  const deployment = read.latestDeployment(key)?.ModifyIndex ?? 0;
  return read
    .allocationsByJob(key)
    .reduce((last, one) => Math.max(last, one.ModifyIndex), Math.max(job.ModifyIndex, deployment));
}

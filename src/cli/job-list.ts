import type { JobListStub } from "../sdk/wire.ts";
import type { CommandContext } from "./command.ts";
import { formatList } from "./core/table.ts";
import { msOfNs } from "./time-format.ts";

/** The table of jobs; asked for all namespaces it names each job's own. */
export function jobTable(context: CommandContext, jobs: readonly JobListStub[]): string {
  const all = context.namespace === "*";
  return formatList([
    ["ID", ...(all ? ["Namespace"] : []), "Type", "Priority", "Status", "Submit Date"],
    ...jobs.map((job) => [
      job.ID,
      ...(all ? [job.JobSummary?.Namespace ?? job.Namespace] : []),
      jobType(job),
      String(job.Priority),
      jobStatusText(job.Status, job.Stop),
      context.time.absolute(msOfNs(job.SubmitTime)),
    ]),
  ]);
}

const jobType = (job: JobListStub): string =>
  `${job.Type}${job.Periodic ? "/periodic" : ""}${job.ParameterizedJob ? "/parameterized" : ""}`;

export const jobStatusText = (status: string, stopped: boolean): string =>
  stopped ? `${status} (stopped)` : status;

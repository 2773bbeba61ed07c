import type { JobListStub } from "../sdk/wire.ts";
import { ResponseError } from "../sdk/client.ts";
import { CommandFailure, messageOf, type CommandContext } from "./command.ts";
import { jobTable } from "./job-list.ts";

export interface ResolvedJob {
  readonly id: string;
  readonly namespace: string;
}
const perPage = 20;

/**
 * Finds one job by the beginning of its id; the exact id wins over longer ones. Where listing is refused the text
 * is used as it is: reading one job may still be allowed.
 */
export async function resolveJob(
  context: CommandContext,
  prefix: string,
  only?: { readonly word: string; readonly filter: string },
): Promise<ResolvedJob> {
  let jobs: readonly JobListStub[];
  try {
    const answer = await context.client.get<readonly JobListStub[] | null>("/v1/jobs", {
      prefix,
      per_page: perPage,
      ...(only ? { filter: only.filter } : {}),
    });
    jobs = answer.value ?? [];
  } catch (thrown) {
    if (thrown instanceof ResponseError && thrown.status === 403)
      return { id: prefix, namespace: context.namespace };
    throw new CommandFailure(
      `Error querying job prefix ${JSON.stringify(prefix)}: ${messageOf(thrown)}`,
      undefined,
      thrown,
    );
  }
  const [first, second] = jobs;
  if (!first)
    throw new CommandFailure(`No ${only?.word ?? ""}job(s) with prefix or ID "${prefix}" found`);
  const isUnique = !second || (first.ID === prefix && second.ID !== prefix);
  if (!isUnique) throw new CommandFailure(ambiguous(context, prefix, jobs));
  return { id: first.ID, namespace: first.JobSummary?.Namespace ?? first.Namespace };
}

function ambiguous(context: CommandContext, prefix: string, jobs: readonly JobListStub[]): string {
  const table = jobTable(context, jobs);
  const more = jobs.length === perPage ? "\n\n(results may be truncated)" : "";
  return `Prefix "${prefix}" matched multiple jobs\n\n${table}${more}`;
}

export const jobPath = (id: string): string => `/v1/job/${encodeURIComponent(id)}`;

import type { Deployment } from "../model/deployment.ts";
import type { Job, JobSummary } from "../model/job.ts";
import type { AllocationListStub, EvaluationAnswer, JobListStub } from "../sdk/wire.ts";
import { allocationTable, newestFirst } from "./allocation-table.ts";
import { orFail, type CommandContext } from "./command.ts";
import { metricLines } from "./core/metrics.ts";
import { formatKeyValues, formatList } from "./core/table.ts";
import { byText, instantMs, shortId, sortedEntries } from "./core/values.ts";
import { deployedTable } from "./deployment-text.ts";
import { jobStatusText } from "./job-list.ts";
import { nextLaunch } from "./next-launch.ts";
import { jobPath } from "./resolve-job.ts";
import { msOfNs } from "./time-format.ts";
import { printBlock } from "./text-block.ts";

export interface JobTextOptions {
  readonly short: boolean;
  readonly evals: boolean;
  readonly "all-allocs": boolean;
  readonly verbose: boolean;
}

/** Everything `job status` says about one job. */
export async function printJob(
  context: CommandContext,
  job: Job,
  options: JobTextOptions,
): Promise<void> {
  const { ui } = context;
  ui.output(formatKeyValues(jobFacts(context, job)));
  if (options.short) return;
  const { value: summary } = await orFail(
    "Error querying job summary",
    context.client.get<JobSummary>(`${jobPath(job.ID)}/summary`),
  );
  if (job.Periodic && !job.ParameterizedJob) await printPeriodic(context, job, summary);
  else if (job.ParameterizedJob && !job.Dispatched) await printParameterized(context, job, summary);
  else await printPlainJob(context, job, summary, options);
}

function jobFacts(context: CommandContext, job: Job): readonly (readonly [string, string])[] {
  const isPeriodic = Boolean(job.Periodic) && !job.ParameterizedJob;
  const launch = (): string =>
    job.Stop ? "none (job stopped)" : nextLaunch(context, job) || "none (the schedule is over)";
  return [
    ["ID", job.ID],
    ["Name", job.Name],
    ["Submit Date", context.time.absolute(msOfNs(job.SubmitTime))],
    ["Type", job.Type],
    ["Priority", String(job.Priority)],
    ["Datacenters", (job.Datacenters ?? []).join(",")],
    ["Namespace", job.Namespace],
    ["Node Pool", job.NodePool],
    ["Status", jobStatusText(job.Status, job.Stop)],
    ["Periodic", String(Boolean(job.Periodic))],
    ["Parameterized", String(Boolean(job.ParameterizedJob) && !job.Dispatched)],
    ...(job.DispatchIdempotencyToken
      ? [["Idempotency Token", job.DispatchIdempotencyToken] as const]
      : []),
    ...(isPeriodic && job.Periodic?.Enabled !== false
      ? [["Next Periodic Launch", launch()] as const]
      : []),
  ];
}

async function children(
  context: CommandContext,
  job: Job,
  infix: string,
): Promise<readonly JobListStub[]> {
  const { value } = await orFail(
    "Error querying job children",
    context.client.get<readonly JobListStub[] | null>("/v1/jobs", {
      prefix: `${job.ID}/${infix}-`,
    }),
  );
  return value ?? [];
}

const childTable = (jobs: readonly JobListStub[]): string =>
  formatList([
    ["ID", "Status"],
    ...jobs.map((job) => [job.ID, jobStatusText(job.Status, job.Stop)]),
  ]);

const childSummary = (summary: JobSummary): string =>
  formatList([
    ["Pending", "Running", "Dead"],
    [summary.Children?.Pending, summary.Children?.Running, summary.Children?.Dead].map((count) =>
      String(count ?? 0),
    ),
  ]);

async function printPeriodic(
  context: CommandContext,
  job: Job,
  summary: JobSummary,
): Promise<void> {
  const { ui } = context;
  if (summary.Children) printBlock(context, "Children Job Summary", childSummary(summary));
  const launched = await children(context, job, "periodic");
  if (launched.length === 0) ui.output("\nNo instances of periodic job found");
  else printBlock(context, "Previously Launched Jobs", childTable(launched));
}

async function printParameterized(
  context: CommandContext,
  job: Job,
  summary: JobSummary,
): Promise<void> {
  const { ui } = context;
  const wanted = job.ParameterizedJob;
  printBlock(
    context,
    "Parameterized Job",
    formatKeyValues([
      ["Payload", wanted?.Payload ?? ""],
      ["Required Metadata", (wanted?.MetaRequired ?? []).join(", ")],
      ["Optional Metadata", (wanted?.MetaOptional ?? []).join(", ")],
    ]),
  );
  if (summary.Children) printBlock(context, "Parameterized Job Summary", childSummary(summary));
  const dispatched = await children(context, job, "dispatch");
  if (dispatched.length === 0) ui.output("\nNo dispatched instances of parameterized job found");
  else printBlock(context, "Dispatched Jobs", childTable(dispatched));
}

async function printPlainJob(
  context: CommandContext,
  job: Job,
  summary: JobSummary,
  options: JobTextOptions,
): Promise<void> {
  const path = jobPath(job.ID);
  const { client } = context;
  const [allocationAnswer, evaluationAnswer, deploymentAnswer] = [
    await orFail(
      "Error querying job allocations",
      client.get<readonly AllocationListStub[] | null>(`${path}/allocations`, {
        all: options["all-allocs"],
      }),
    ),
    await orFail(
      "Error querying job evaluations",
      client.get<readonly EvaluationAnswer[] | null>(`${path}/evaluations`),
    ),
    await orFail(
      "Error querying latest job deployment",
      client.get<Deployment | null>(`${path}/deployment`),
    ),
  ];
  const evaluations = newestFirst(evaluationAnswer.value ?? []);
  const allocations = allocationAnswer.value ?? [];
  printBlock(context, "Summary", summaryTable(summary));
  if (summary.Children && hasChildren(summary))
    printBlock(context, "Children Job Summary", childSummary(summary));
  if (options.evals || options.verbose)
    printBlock(context, "Evaluations", evaluationTable(evaluations, options.verbose));
  printPlacementFailure(context, evaluations);
  printReschedules(context, job, { evaluations, allocations }, options.verbose);
  if (deploymentAnswer.value) printLatest(context, deploymentAnswer.value, options.verbose);
  printActions(context, job);
  printBlock(
    context,
    "Allocations",
    allocations.length === 0
      ? "No allocations placed"
      : allocationTable(context, allocations, { verbose: options.verbose }),
  );
}

const hasChildren = ({ Children: counts }: JobSummary): boolean =>
  counts !== null && counts.Pending + counts.Running + counts.Dead > 0;

const summaryTable = (summary: JobSummary): string =>
  formatList([
    ["Task Group", "Queued", "Starting", "Running", "Failed", "Complete", "Lost", "Unknown"],
    ...sortedEntries(summary.Summary).map(([group, counts]) => [
      group,
      ...[counts.Queued, counts.Starting, counts.Running, counts.Failed].map(String),
      ...[counts.Complete, counts.Lost, counts.Unknown].map((count) => String(count ?? 0)),
    ]),
  ]);

const evaluationTable = (evaluations: readonly EvaluationAnswer[], verbose: boolean): string =>
  formatList([
    ["ID", "Priority", "Triggered By", "Status", "Placement Failures"],
    ...evaluations.map((evaluation) => [
      shortId(evaluation.ID, verbose),
      String(evaluation.Priority),
      evaluation.TriggeredBy,
      evaluation.Status,
      placementFailures(evaluation),
    ]),
  ]);

/** A blocked evaluation has not had its last word yet. */
export function placementFailures(evaluation: EvaluationAnswer): string {
  if (evaluation.Status === "blocked") return "N/A - In Progress";
  return String(Object.keys(evaluation.FailedTGAllocs ?? {}).length > 0);
}

const mostGroupsShown = 5;

function printPlacementFailure(
  context: CommandContext,
  evaluations: readonly EvaluationAnswer[],
): void {
  const isBlocked = evaluations.some((evaluation) => evaluation.Status === "blocked");
  const latest = evaluations.find(
    (evaluation) => Object.keys(evaluation.FailedTGAllocs ?? {}).length > 0,
  );
  if (!isBlocked || !latest) return;
  const failed = sortedEntries(latest.FailedTGAllocs);
  const shown = failed
    .slice(0, mostGroupsShown)
    .map(([group, metrics]) =>
      [`Task Group "${group}":`, ...metricLines(metrics, "  ")].join("\n"),
    );
  const more =
    failed.length > mostGroupsShown
      ? [
          `Placement failures truncated. To see remainder run:\nnomad eval status ${shortId(latest.ID, false)}`,
        ]
      : [];
  printBlock(context, "Placement Failure", [...shown, ...more].join("\n\n"));
}

function printReschedules(
  context: CommandContext,
  job: Job,
  seen: {
    readonly evaluations: readonly EvaluationAnswer[];
    readonly allocations: readonly AllocationListStub[];
  },
  verbose: boolean,
): void {
  const { evaluations, allocations } = seen;
  const pending = new Map(
    evaluations
      .filter(
        (evaluation) =>
          evaluation.Status === "pending" && evaluation.TriggeredBy === "alloc-reschedule",
      )
      .map((evaluation) => [evaluation.ID, evaluation]),
  );
  const next = new Map<string, EvaluationAnswer>();
  for (const allocation of allocations) {
    const followUp = pending.get(allocation.FollowupEvalID);
    const known = next.get(allocation.TaskGroup);
    if (followUp && (!known || dueMs(followUp) < dueMs(known)))
      next.set(allocation.TaskGroup, followUp);
  }
  if (next.size === 0) return;
  const rows = [...next].sort(([a], [b]) => byText(a, b));
  const policy = (group: string): string =>
    job.TaskGroups.find((one) => one.Name === group)?.ReschedulePolicy?.Unlimited === true
      ? "unlimited"
      : "limited";
  printBlock(
    context,
    "Future Rescheduling Attempts",
    formatList([
      ["Task Group", ...(verbose ? ["Reschedule Policy"] : []), "Eval ID", "Eval Time"],
      ...rows.map(([group, evaluation]) => [
        group,
        ...(verbose ? [policy(group)] : []),
        shortId(evaluation.ID, verbose),
        context.time.relative(instantMs(evaluation.WaitUntil)),
      ]),
    ]),
  );
}
const dueMs = (evaluation: EvaluationAnswer): number =>
  instantMs(evaluation.WaitUntil) ?? Number.POSITIVE_INFINITY;

function printLatest(context: CommandContext, deployment: Deployment, verbose: boolean): void {
  const facts = formatKeyValues([
    ["ID", shortId(deployment.ID, verbose)],
    ["Status", deployment.Status],
    ["Description", deployment.StatusDescription],
  ]);
  const groups = deployedTable(context, deployment);
  printBlock(
    context,
    "Latest Deployment",
    groups === "" ? facts : `${facts}\n\n${context.ui.paint.bold("Deployed")}\n${groups}`,
  );
}

function printActions(context: CommandContext, job: Job): void {
  const rows = job.TaskGroups.flatMap((group) =>
    group.Tasks.flatMap((task) =>
      (task.Actions ?? []).map((action) => [action.Name, group.Name, task.Name]),
    ),
  );
  if (rows.length > 0)
    printBlock(context, "Actions", formatList([["Action Name", "Task Group", "Task"], ...rows]));
}

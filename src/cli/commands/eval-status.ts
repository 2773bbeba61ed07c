import type { AllocationListStub, EvaluationAnswer } from "../../sdk/wire.ts";
import { allocationTable } from "../allocation-table.ts";
import { defineCommand, oneWord, orFail, type CommandContext } from "../command.ts";
import { flag, type FlagValues } from "../../lib/flags.ts";
import { failedPlacementTitle, metricLines } from "../core/metrics.ts";
import { annotationTable } from "../core/plan-annotations.ts";
import { formatKeyValues, formatList } from "../core/table.ts";
import { instantMs, shortId, sortedEntries } from "../core/values.ts";
import { wholeEvaluation } from "../core/whole-answer.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { showHint } from "../hints.ts";
import { placementFailures } from "../job-text.ts";
import { monitorEvaluation } from "../monitor-evaluation.ts";
import { resolveId } from "../resolve-id.ts";
import { msOfNs } from "../time-format.ts";
import { evaluationList } from "./eval-list.ts";

const flags = {
  ...formatFlags,
  monitor: flag.bool("Follow the evaluation to its end."),
  verbose: flag.bool("Print whole ids, times and all counts."),
  ui: flag.bool("Also open the web UI."),
};

export const evalStatus = defineCommand({
  usage: "[options] <evaluation>",
  description: "Shows an evaluation: what caused it, what it placed and what it could not place.",
  flags,
  run: (context, { flags, words }) => {
    refuseBoth({ json: flags.json, template: flags.t });
    return showEvaluation(context, oneWord(words, "evaluation"), flags);
  },
});

/** Also the answer of `nomad status` for an id that belongs to an evaluation. */
export async function showEvaluation(
  context: CommandContext,
  word: string,
  options: FlagValues<typeof flags>,
): Promise<number> {
  const stub = await resolveId<EvaluationAnswer>(
    context,
    {
      path: "/v1/evaluations",
      failure: "Error querying evaluation",
      noneFound: (id) => `No evaluation(s) with prefix or id "${id}" found`,
      manyFound: "Prefix matched multiple evaluations",
      table: (stubs) => evaluationList(stubs, options.verbose),
    },
    word,
  );
  if (options.monitor) return monitorEvaluation(context, stub.ID, options.verbose);
  const { value: evaluation } = await orFail(
    "Error querying evaluation",
    context.client.get<EvaluationAnswer>(`/v1/evaluation/${stub.ID}`, { related: true }),
  );
  const { value: placed } = await orFail(
    "Error querying related allocations",
    context.client.get<readonly AllocationListStub[] | null>(
      `/v1/evaluation/${stub.ID}/allocations`,
    ),
  );
  const formatted = formatAnswer(wholeEvaluation(evaluation), {
    json: options.json,
    template: options.t,
  });
  if (formatted !== undefined) {
    context.ui.output(formatted);
    return 0;
  }
  context.ui.output(formatKeyValues(facts(context, evaluation, options.verbose)));
  printBlocks(context, evaluation, placed ?? [], options.verbose);
  await showHint(
    context,
    "View evaluation details",
    `/evaluations?currentEval=${evaluation.ID}`,
    options.ui,
  );
  return 0;
}

function facts(
  context: CommandContext,
  evaluation: EvaluationAnswer,
  verbose: boolean,
): readonly (readonly [string, string])[] {
  const { time } = context;
  const short = (id: string | undefined): string => shortId(id, verbose);
  const due = instantMs(evaluation.WaitUntil);
  return [
    ["ID", short(evaluation.ID)],
    ["Create Time", time.either(msOfNs(evaluation.CreateTime), verbose)],
    ["Modify Time", time.either(msOfNs(evaluation.ModifyTime), verbose)],
    ["Status", evaluation.Status],
    ["Status Description", evaluation.StatusDescription || evaluation.Status],
    ["Type", evaluation.Type],
    ["TriggeredBy", evaluation.TriggeredBy],
    ["Job ID", evaluation.JobID],
    ["Namespace", evaluation.Namespace ?? ""],
    ...(evaluation.TriggeredBy === "node-update"
      ? [["Node ID", short(evaluation.NodeID)] as const]
      : []),
    ...(evaluation.TriggeredBy === "max-plan-attempts"
      ? [["Previous Eval", short(evaluation.PreviousEval)] as const]
      : []),
    ["Priority", String(evaluation.Priority)],
    ["Placement Failures", placementFailures(evaluation)],
    ...(due === undefined ? [] : [["Wait Until", time.either(due, verbose)] as const]),
    ...(evaluation.QuotaLimitReached
      ? [["Quota Limit Reached", evaluation.QuotaLimitReached] as const]
      : []),
    ["Previous Eval", short(evaluation.PreviousEval)],
    ["Next Eval", short(evaluation.NextEval)],
    ["Blocked Eval", short(evaluation.BlockedEval)],
  ];
}

function printBlocks(
  context: CommandContext,
  evaluation: EvaluationAnswer,
  placed: readonly AllocationListStub[],
  verbose: boolean,
): void {
  const { ui } = context;
  const block = (title: string, text: string): void => {
    ui.output(`\n${ui.paint.bold(title)}\n${text}`);
  };
  const related = evaluation.RelatedEvals ?? [];
  if (related.length > 0) block("Related Evaluations", relatedTable(related, verbose));
  const annotations = evaluation.PlanAnnotations?.DesiredTGUpdates;
  if (annotations && Object.keys(annotations).length > 0)
    block("Plan Annotations", annotationTable(annotations, verbose));
  if (placed.length > 0)
    block("Placed Allocations", allocationTable(context, placed, { verbose, ofNode: true }));
  const failed = sortedEntries(evaluation.FailedTGAllocs);
  if (failed.length > 0) {
    const groups = failed.map(([group, metrics]) =>
      [failedPlacementTitle(group, metrics), ...metricLines(metrics, "  ")].join("\n"),
    );
    block("Failed Placements", groups.join("\n\n"));
    if (evaluation.BlockedEval)
      ui.output(
        `\nEvaluation "${shortId(evaluation.BlockedEval, verbose)}" waiting for additional capacity to place remainder`,
      );
  }
  const missing = evaluation.MissingNonNodeResources ?? [];
  if (missing.length > 0) block("Missing Resources", missing.join("\n"));
}

const relatedTable = (
  related: NonNullable<EvaluationAnswer["RelatedEvals"]>,
  verbose: boolean,
): string =>
  formatList([
    ["ID", "Priority", "Triggered By", "Node ID", "Status", "Description"],
    ...related.map((one) => [
      shortId(one.ID, verbose),
      String(one.Priority),
      one.TriggeredBy,
      shortId(one.NodeID, verbose),
      one.Status,
      one.StatusDescription ?? "",
    ]),
  ]);

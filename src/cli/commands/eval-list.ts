import type { EvaluationAnswer } from "../../sdk/wire.ts";
import { newestFirst } from "../allocation-table.ts";
import { defineCommand, noWords, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { formatList } from "../core/table.ts";
import { shortId } from "../core/values.ts";
import { wholeEvaluation } from "../core/whole-answer.ts";
import { formatAnswer, formatFlags } from "../format-answer.ts";
import { showHint } from "../hints.ts";
import { placementFailures } from "../job-text.ts";
import { pageFlags, pageNotice, pageQuery } from "../pages.ts";

export const evalList = defineCommand({
  usage: "[options]",
  description: "Lists evaluations, the newest first.",
  flags: {
    ...formatFlags,
    ...pageFlags,
    job: flag.text("Only evaluations of this job."),
    status: flag.text("Only evaluations with this status."),
    verbose: flag.bool("Print whole ids."),
    ui: flag.bool("Also open the web UI."),
  },
  run: async (context, { flags, words }) => {
    noWords(words);
    const answer = await orFail(
      "Error querying evaluations",
      context.client.get<readonly EvaluationAnswer[] | null>("/v1/evaluations", {
        ...pageQuery(flags),
        ...(flags.job ? { job: flags.job } : {}),
        ...(flags.status ? { status: flags.status } : {}),
      }),
    );
    const evaluations = newestFirst(answer.value ?? []);
    const formatted = formatAnswer(evaluations.map(wholeEvaluation), {
      json: flags.json,
      template: flags.t,
    });
    if (formatted !== undefined || evaluations.length === 0) {
      context.ui.output(formatted ?? "No evals found");
      return 0;
    }
    context.ui.output(evaluationList(evaluations, flags.verbose));
    pageNotice(context, answer.nextToken, "eval list");
    await showHint(context, "View evaluations", "/evaluations", flags.ui);
    return 0;
  },
});

export const evaluationList = (
  evaluations: readonly EvaluationAnswer[],
  verbose: boolean,
): string =>
  formatList([
    [
      "ID",
      "Priority",
      "Triggered By",
      "Job ID",
      "Namespace",
      "Node ID",
      "Status",
      "Placement Failures",
    ],
    ...evaluations.map((evaluation) => [
      shortId(evaluation.ID, verbose),
      String(evaluation.Priority),
      evaluation.TriggeredBy,
      evaluation.JobID,
      evaluation.Namespace ?? "",
      shortId(evaluation.NodeID, verbose),
      evaluation.Status,
      placementFailures(evaluation),
    ]),
  ]);

import type { CommandContext } from "./command.ts";
import { monitorEvaluation } from "./monitor-evaluation.ts";

/** What most changes of a job end with: a sentence and the evaluation's id, or the monitor. */
export async function evaluationEnd(
  context: CommandContext,
  evaluationId: string,
  options: { readonly detach: boolean; readonly verbose: boolean; readonly said?: string },
): Promise<number> {
  if (!options.detach)
    return evaluationId === "" ? 0 : monitorEvaluation(context, evaluationId, options.verbose);
  if (options.said) context.ui.output(options.said);
  if (evaluationId !== "") context.ui.output(`Evaluation ID: ${evaluationId}`);
  return 0;
}

import type { Deployment } from "../model/deployment.ts";
import type { DeploymentUpdateAnswer } from "../sdk/wire.ts";
import { CommandFailure, messageOf, type CommandContext } from "./command.ts";
import { flag } from "../lib/flags.ts";
import { deploymentTable } from "./deployment-text.ts";
import { inNamespace } from "./job-file.ts";
import { monitorEvaluation } from "./monitor-evaluation.ts";
import { evenPrefix } from "./resolve-id.ts";

/** Finds one deployment by the beginning of its id. */
export async function lookupDeployment(
  context: CommandContext,
  id: string,
  verbose: boolean,
): Promise<Deployment> {
  const fail = (reason: string, cause?: unknown): CommandFailure =>
    new CommandFailure(`Error retrieving deployment: ${reason}`, undefined, cause);
  if (id.length === 1) throw new CommandFailure("Identifier must contain at least two characters.");
  let found: readonly Deployment[];
  try {
    if (id.length === 36)
      return (await context.client.get<Deployment>(`/v1/deployment/${id}`)).value;
    const prefix = evenPrefix(id.replaceAll("-", ""));
    const answer = await context.client.get<readonly Deployment[] | null>("/v1/deployments", {
      prefix,
    });
    found = answer.value ?? [];
  } catch (thrown) {
    throw fail(messageOf(thrown), thrown);
  }
  const [first, second] = found;
  if (!first) throw fail(`Deployment ID ${JSON.stringify(id)} matched no deployments`);
  if (second)
    throw new CommandFailure(
      `Prefix matched multiple deployments\n\n${deploymentTable(found, verbose)}`,
    );
  return first;
}

export const deploymentChangeFlags = {
  detach: flag.bool("Print the evaluation id and return."),
  verbose: flag.bool("Print whole ids."),
};

/** What follows a change of a deployment: the evaluation's id, or its monitor. */
export async function afterDeploymentChange(
  context: CommandContext,
  deployment: Deployment,
  answer: DeploymentUpdateAnswer,
  options: { readonly detach: boolean; readonly verbose: boolean; readonly said: string },
): Promise<number> {
  const { ui } = context;
  if (options.said !== "") ui.output(options.said);
  if (!answer.EvalID) return 0;
  if (options.detach) {
    ui.output(`Evaluation ID: ${answer.EvalID}`);
    return 0;
  }
  if (options.said !== "") ui.output("");
  return monitorEvaluation(
    inNamespace(context, deployment.Namespace),
    answer.EvalID,
    options.verbose,
  );
}

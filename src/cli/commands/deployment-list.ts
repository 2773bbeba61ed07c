import type { Deployment } from "../../model/deployment.ts";
import { newestFirst } from "../allocation-table.ts";
import { defineCommand, noWords, orFail, type CommandContext } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { deploymentTable } from "../deployment-text.ts";
import { plainDeployment } from "../core/whole-answer.ts";
import { formatAnswer, formatFlags } from "../format-answer.ts";

const flags = {
  ...formatFlags,
  filter: flag.text("Only those that match this expression."),
  verbose: flag.bool("Print whole ids."),
};

export const deploymentList = defineCommand({
  usage: "[options]",
  description: "Lists deployments, the newest first.",
  flags,
  run: (context, { flags, words }) => {
    noWords(words);
    return listDeployments(context, flags);
  },
});

/** Also the answer of `deployment status` without an id. */
export async function listDeployments(
  context: CommandContext,
  options: {
    readonly json: boolean;
    readonly t: string;
    readonly filter: string;
    readonly verbose: boolean;
  },
): Promise<number> {
  const { value } = await orFail(
    "Error retrieving deployments",
    context.client.get<readonly Deployment[] | null>(
      "/v1/deployments",
      options.filter ? { filter: options.filter } : {},
    ),
  );
  const deployments = newestFirst(value ?? []);
  const formatted = formatAnswer(deployments.map(plainDeployment), {
    json: options.json,
    template: options.t,
  });
  context.ui.output(
    formatted ??
      (deployments.length === 0
        ? "No deployments found"
        : deploymentTable(deployments, options.verbose)),
  );
  return 0;
}

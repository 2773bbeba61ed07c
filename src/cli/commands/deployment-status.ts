import { CommandFailure, defineCommand, UsageFailure, type CommandContext } from "../command.ts";
import { flag, type FlagValues } from "../../lib/flags.ts";
import { shortId } from "../core/values.ts";
import { plainDeployment } from "../core/whole-answer.ts";
import { deploymentText } from "../deployment-text.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { showHint } from "../hints.ts";
import { inNamespace } from "../job-file.ts";
import { monitorDeployment } from "../monitor-deployment.ts";
import { lookupDeployment } from "../deployment-lookup.ts";
import { listDeployments } from "./deployment-list.ts";
import { formatDuration } from "../../lib/duration.ts";

const flags = {
  ...formatFlags,
  monitor: flag.bool("Follow the deployment to its end."),
  wait: flag.duration("How long to wait for each change while following.", 2e9),
  verbose: flag.bool("Print whole ids and, while following, the allocations."),
  ui: flag.bool("Also open the web UI."),
};

export const deploymentStatus = defineCommand({
  usage: "[options] <deployment id>",
  description: "Shows a deployment, or follows it with -monitor. Without an id: all deployments.",
  flags,
  run: async (context, { flags, words }) => {
    const [word, tooMany] = words;
    if (tooMany !== undefined)
      throw new UsageFailure("This command takes either no arguments or one: <deployment id>");
    refuseBoth({ json: flags.json, template: flags.t });
    if (flags.monitor && (flags.json || flags.t !== ""))
      throw new CommandFailure("The monitor flag cannot be used with the '-json' or '-t' flags");
    if (word === undefined) return listDeployments(context, { ...flags, filter: "" });
    return showDeployment(context, word, flags);
  },
});

/** Also the answer of `nomad status` for an id that belongs to a deployment. */
export async function showDeployment(
  context: CommandContext,
  word: string,
  options: FlagValues<typeof flags>,
): Promise<number> {
  const { ui, time } = context;
  const deployment = await lookupDeployment(context, word, options.verbose);
  const here = inNamespace(context, deployment.Namespace);
  const formatted = formatAnswer(plainDeployment(deployment), {
    json: options.json,
    template: options.t,
  });
  if (formatted !== undefined) {
    ui.output(formatted);
    return 0;
  }
  if (options.monitor) {
    ui.output(`${time.now()}: Monitoring deployment "${shortId(deployment.ID, options.verbose)}"`);
    const block = (text: string): void => {
      ui.output(`\n${text}`);
    };
    const end = await monitorDeployment(here, block, deployment.ID, {
      verbose: options.verbose,
      wait: formatDuration(options.wait),
    });
    return end === "successful" ? 0 : 1;
  }
  ui.output(deploymentText(here, deployment, options.verbose));
  await showHint(
    here,
    "View all deployments for this job",
    `/jobs/${deployment.JobID}/deployments`,
    options.ui,
  );
  return 0;
}

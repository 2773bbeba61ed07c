import type { Deployment } from "../../model/deployment.ts";
import { newestFirst } from "../allocation-table.ts";
import { defineCommand, oneWord, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { deploymentTable, deploymentText } from "../deployment-text.ts";
import { plainDeployment } from "../core/whole-answer.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { inNamespace } from "../job-file.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";

export const jobDeployments = defineCommand({
  usage: "[options] <job>",
  description: "Lists the deployments of a job, or shows the latest one.",
  flags: {
    ...formatFlags,
    latest: flag.bool("Only the latest deployment, in full."),
    all: flag.bool("Deployments of an earlier job of the same name too."),
    verbose: flag.bool("Print whole ids."),
  },
  run: async (context, { flags, words }) => {
    const word = oneWord(words, "job");
    refuseBoth({ json: flags.json, template: flags.t });
    const found = await resolveJob(context, word);
    const here = inNamespace(context, found.namespace);
    const how = { json: flags.json, template: flags.t };
    if (flags.latest) {
      const { value } = await orFail(
        "Error retrieving deployments",
        here.client.get<Deployment | null>(`${jobPath(found.id)}/deployment`),
      );
      const formatted = formatAnswer(value && plainDeployment(value), how);
      const text = value ? deploymentText(here, value, flags.verbose) : "No deployment found";
      context.ui.output(formatted ?? text);
      return 0;
    }
    const { value } = await orFail(
      "Error retrieving deployments",
      here.client.get<readonly Deployment[] | null>(`${jobPath(found.id)}/deployments`, {
        all: flags.all,
      }),
    );
    const deployments = newestFirst(value ?? []);
    const formatted = formatAnswer(deployments.map(plainDeployment), how);
    const table =
      deployments.length === 0
        ? "No deployments found"
        : deploymentTable(deployments, flags.verbose);
    context.ui.output(formatted ?? table);
    return 0;
  },
});

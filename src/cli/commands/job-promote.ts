import type { Deployment } from "../../model/deployment.ts";
import type { DeploymentUpdateAnswer } from "../../sdk/wire.ts";
import { CommandFailure, defineCommand, oneWord, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { afterDeploymentChange, deploymentChangeFlags } from "../deployment-lookup.ts";
import { inNamespace } from "../job-file.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";
import { promotion } from "./deployment-promote.ts";

export const jobPromote = defineCommand({
  usage: "[options] <job>",
  description: "Promotes the healthy canaries of a job's latest deployment.",
  flags: { ...deploymentChangeFlags, group: flag.list("A group whose canaries to promote.") },
  run: async (context, { flags, words }) => {
    const found = await resolveJob(context, oneWord(words, "job"));
    const here = inNamespace(context, found.namespace);
    const { value: deployment } = await orFail(
      "Error retrieving deployments",
      here.client.get<Deployment | null>(`${jobPath(found.id)}/deployment`),
    );
    if (!deployment)
      throw new CommandFailure(`Job ${JSON.stringify(found.id)} has no deployment to promote`);
    const { value } = await orFail(
      "Error promoting deployment for job",
      here.client.put<DeploymentUpdateAnswer>(
        `/v1/deployment/promote/${deployment.ID}`,
        promotion(deployment.ID, flags.group),
      ),
    );
    return afterDeploymentChange(here, deployment, value, { ...flags, said: "" });
  },
});

import type { DeploymentUpdateAnswer } from "../../sdk/wire.ts";
import { defineCommand, oneWord, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import {
  afterDeploymentChange,
  deploymentChangeFlags,
  lookupDeployment,
} from "../deployment-lookup.ts";

export const deploymentPromote = defineCommand({
  usage: "[options] <deployment id>",
  description:
    "Promotes the healthy canaries of a deployment, all of them or those of some groups.",
  flags: { ...deploymentChangeFlags, group: flag.list("A group whose canaries to promote.") },
  run: async (context, { flags, words }) => {
    const deployment = await lookupDeployment(
      context,
      oneWord(words, "deployment id"),
      flags.verbose,
    );
    const { value } = await orFail(
      "Error promoting deployment",
      context.client.put<DeploymentUpdateAnswer>(
        `/v1/deployment/promote/${deployment.ID}`,
        promotion(deployment.ID, flags.group),
      ),
    );
    return afterDeploymentChange(context, deployment, value, { ...flags, said: "" });
  },
});

export const promotion = (id: string, groups: readonly string[]): object =>
  groups.length > 0 ? { DeploymentID: id, Groups: groups } : { DeploymentID: id, All: true };

import type { DeploymentUpdateAnswer } from "../../sdk/wire.ts";
import { defineCommand, oneWord, orFail } from "../command.ts";
import {
  afterDeploymentChange,
  deploymentChangeFlags,
  lookupDeployment,
} from "../deployment-lookup.ts";

export const deploymentUnblock = defineCommand({
  usage: "[options] <deployment id>",
  description: "Lets a deployment end that waits for its counterparts in other regions.",
  flags: deploymentChangeFlags,
  run: async (context, { flags, words }) => {
    const deployment = await lookupDeployment(
      context,
      oneWord(words, "deployment id"),
      flags.verbose,
    );
    const { value } = await orFail(
      "Error unblocking deployment",
      context.client.put<DeploymentUpdateAnswer>(`/v1/deployment/unblock/${deployment.ID}`, {
        DeploymentID: deployment.ID,
      }),
    );
    const said = `Deployment "${deployment.ID}" unblocked`;
    return afterDeploymentChange(context, deployment, value, { ...flags, said });
  },
});

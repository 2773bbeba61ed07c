import type { DeploymentUpdateAnswer } from "../../sdk/wire.ts";
import { defineCommand, oneWord, orFail } from "../command.ts";
import {
  afterDeploymentChange,
  deploymentChangeFlags,
  lookupDeployment,
} from "../deployment-lookup.ts";

export const deploymentResume = defineCommand({
  usage: "[options] <deployment id>",
  description: "Goes on with a deployment that was paused.",
  flags: deploymentChangeFlags,
  run: async (context, { flags, words }) => {
    const deployment = await lookupDeployment(
      context,
      oneWord(words, "deployment id"),
      flags.verbose,
    );
    const { value } = await orFail(
      "Error resuming deployment",
      context.client.put<DeploymentUpdateAnswer>(`/v1/deployment/pause/${deployment.ID}`, {
        DeploymentID: deployment.ID,
        Pause: false,
      }),
    );
    const said = `Deployment "${deployment.ID}" resumed`;
    return afterDeploymentChange(context, deployment, value, { ...flags, said });
  },
});

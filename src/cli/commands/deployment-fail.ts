import type { DeploymentUpdateAnswer } from "../../sdk/wire.ts";
import { defineCommand, oneWord, orFail } from "../command.ts";
import {
  afterDeploymentChange,
  deploymentChangeFlags,
  lookupDeployment,
} from "../deployment-lookup.ts";

export const deploymentFail = defineCommand({
  usage: "[options] <deployment id>",
  description:
    "Ends a deployment as failed; a group that reverts by itself goes back to the last stable version.",
  flags: deploymentChangeFlags,
  run: async (context, { flags, words }) => {
    const deployment = await lookupDeployment(
      context,
      oneWord(words, "deployment id"),
      flags.verbose,
    );
    const { value } = await orFail(
      "Error failing deployment",
      context.client.put<DeploymentUpdateAnswer>(`/v1/deployment/fail/${deployment.ID}`, {
        DeploymentID: deployment.ID,
      }),
    );
    const version = value.RevertedJobVersion ?? undefined;
    const reverted = version === undefined ? "" : `. Auto-reverted to job version ${version}.`;
    const said = `Deployment "${deployment.ID}" failed${reverted}`;
    return afterDeploymentChange(context, deployment, value, { ...flags, said });
  },
});

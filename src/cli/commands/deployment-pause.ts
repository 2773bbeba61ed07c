import { defineCommand, oneWord, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { lookupDeployment } from "../deployment-lookup.ts";

export const deploymentPause = defineCommand({
  usage: "[options] <deployment id>",
  description: "Halts a deployment: nothing more is placed for it until it is resumed.",
  flags: { verbose: flag.bool("Print whole ids.") },
  run: async (context, { flags, words }) => {
    const { ID } = await lookupDeployment(context, oneWord(words, "deployment id"), flags.verbose);
    await orFail(
      "Error pausing deployment",
      context.client.put(`/v1/deployment/pause/${ID}`, { DeploymentID: ID, Pause: true }),
    );
    context.ui.output(`Deployment "${ID}" paused`);
    return 0;
  },
});

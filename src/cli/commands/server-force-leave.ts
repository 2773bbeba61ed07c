import { defineCommand, oneWord, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";

export const serverForceLeave = defineCommand({
  usage: "[options] <node>",
  description: "Declares a server gone that has failed and will not come back.",
  flags: { prune: flag.bool("Forget the server altogether.") },
  run: async ({ client }, { flags, words }) => {
    const node = oneWord(words, "node");
    await orFail(
      `Error force-leaving server ${node}`,
      client.put("/v1/agent/force-leave", undefined, {
        node,
        ...(flags.prune ? { prune: "1" } : {}),
      }),
    );
    return 0;
  },
});

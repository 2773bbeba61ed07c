import { defineCommand, noWords, orFail } from "../command.ts";

export const systemReconcile = defineCommand({
  usage: "[options]",
  description: "Counts the summaries of all jobs anew.",
  flags: {},
  run: async ({ client }, { words }) => {
    noWords(words);
    await orFail(
      "Error running system summary reconciliation",
      client.put("/v1/system/reconcile/summaries"),
    );
    return 0;
  },
});

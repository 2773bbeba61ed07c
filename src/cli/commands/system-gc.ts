import { defineCommand, noWords, orFail } from "../command.ts";

export const systemGc = defineCommand({
  usage: "[options]",
  description:
    "Collects what has ended and nobody refers to any more: jobs, evaluations, allocations and nodes.",
  flags: {},
  run: async ({ client }, { words }) => {
    noWords(words);
    await orFail("Error running system garbage-collection", client.put("/v1/system/gc"));
    return 0;
  },
});

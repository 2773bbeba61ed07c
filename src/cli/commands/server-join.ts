import { CommandFailure, defineCommand, messageOf, UsageFailure } from "../command.ts";

export const serverJoin = defineCommand({
  usage: "[options] <addr> [<addr> ...]",
  description: "Has the server that answers join others. One address that answers is enough.",
  flags: {},
  run: async ({ client, ui }, { words }) => {
    if (words.length === 0)
      throw new UsageFailure("One or more node addresses must be given as arguments");
    let answer: JoinAnswer;
    try {
      answer = (await client.put<JoinAnswer>("/v1/agent/join", undefined, { address: words }))
        .value;
    } catch (thrown) {
      throw new CommandFailure(`Error joining: ${messageOf(thrown)}`, undefined, thrown);
    }
    if (answer.error) throw new CommandFailure(`Error joining: failed joining: ${answer.error}`);
    ui.output(`Joined ${answer.num_joined} servers successfully`);
    return 0;
  },
});

interface JoinAnswer {
  readonly num_joined: number;
  readonly error?: string;
}

import { CommandFailure, type Command } from "../command.ts";

/** The agent reads its own flags: this entry only finds it. */
export const agent: Command = {
  usage: "[options]",
  description: "Runs an agent until it is told to stop.",
  flags: {},
  errorCode: 1,
  rawArguments: true,
  run: ({ ports }, { words }) => {
    if (!ports.runAgent) throw new CommandFailure("This build carries no agent");
    return ports.runAgent(words);
  },
};

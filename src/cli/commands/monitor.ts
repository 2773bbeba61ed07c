import { CommandFailure, defineCommand, messageOf, noWords } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { readFrames } from "../frame-stream.ts";
import { untilInterrupted } from "../interrupt.ts";

export const monitor = defineCommand({
  usage: "[options]",
  description: "Prints the log of an agent as it is written, until Ctrl-C.",
  flags: {
    "log-level": flag.text("Lines of this level and above.", "info"),
    "log-include-location": flag.bool("Say where in the program a line was written."),
    "node-id": flag.text("The agent of this node instead of the one that answers."),
    "server-id": flag.text("The agent of this server instead of the one that answers."),
    json: flag.bool("Lines as JSON."),
  },
  run: async ({ client, ports, ui }, { flags, words }) => {
    noWords(words);
    await untilInterrupted(ports, async (signal) => {
      try {
        const stream = await client.stream({
          method: "GET",
          path: "/v1/agent/monitor",
          query: {
            log_level: flags["log-level"],
            log_json: flags.json,
            log_include_location: flags["log-include-location"],
            ...(flags["node-id"] ? { node_id: flags["node-id"] } : {}),
            ...(flags["server-id"] ? { server_id: flags["server-id"] } : {}),
          },
          signal,
        });
        for await (const data of readFrames(stream)) ui.raw(data);
      } catch (thrown) {
        throw new CommandFailure(
          `==> Error starting monitor: ${messageOf(thrown)}`,
          undefined,
          thrown,
        );
      }
    });
    return 0;
  },
});

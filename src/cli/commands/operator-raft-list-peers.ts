import type { RaftConfiguration } from "../../sdk/wire.ts";
import { defineCommand, noWords, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { formatList } from "../core/table.ts";

export const listPeers = defineCommand({
  usage: "[options]",
  description: "Lists the servers that keep the replicated log.",
  flags: { stale: flag.bool("Any server may answer, even without a leader.") },
  run: async ({ client, ui }, { flags, words }) => {
    noWords(words);
    const { value } = await orFail(
      "Failed to retrieve raft configuration",
      client.get<RaftConfiguration>(
        "/v1/operator/raft/configuration",
        flags.stale ? { stale: "" } : {},
      ),
    );
    const rows = value.Servers.map((server) => [
      server.Node,
      server.ID,
      server.Address,
      server.Leader ? "leader" : "follower",
      String(server.Voter),
      server.RaftProtocol,
    ]);
    ui.output(
      formatList([["Node", "ID", "Address", "State", "Voter", "RaftProtocol"], ...rows], ""),
    );
    return 0;
  },
});

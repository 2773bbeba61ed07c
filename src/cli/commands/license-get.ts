import { ResponseError } from "../../sdk/client.ts";
import { CommandFailure, defineCommand, messageOf, noWords } from "../command.ts";
import { flag } from "../../lib/flags.ts";

const paidOnly = "Nomad Enterprise only endpoint";

export const licenseGet = defineCommand({
  usage: "[options]",
  description: "Shows the license of the servers; this program needs none.",
  flags: { stale: flag.bool("Any server may answer, even without a leader.") },
  run: async ({ client, ui }, { flags, words }) => {
    noWords(words);
    try {
      const { value } = await client.get<unknown>(
        "/v1/operator/license",
        flags.stale ? { stale: "" } : {},
      );
      ui.output(JSON.stringify(value, undefined, 4));
      return 0;
    } catch (thrown) {
      // Servers without a license answer with no content at all.
      const isFree = thrown instanceof ResponseError && [204, 501].includes(thrown.status);
      const reason = isFree ? paidOnly : messageOf(thrown);
      throw new CommandFailure(`Error getting license: ${reason}`, undefined, thrown);
    }
  },
});

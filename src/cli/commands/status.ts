import { assertNever } from "../../lib/errors.ts";
import type { SearchAnswer } from "../../sdk/wire.ts";
import {
  CommandFailure,
  defineCommand,
  orFail,
  UsageFailure,
  type CommandContext,
} from "../command.ts";
import { flag, type FlagValues } from "../../lib/flags.ts";
import { matchIdentifier } from "../core/match-identifier.ts";
import { formatFlags, refuseBoth } from "../format-answer.ts";

const flags = {
  ...formatFlags,
  verbose: flag.bool("Print whole ids."),
  ui: flag.bool("Also open the web UI."),
};
type StatusFlags = FlagValues<typeof flags>;

export const status = defineCommand({
  usage: "[options] <identifier>",
  description:
    "Without an identifier: the table of all jobs. With one: whatever it belongs to, be it a job, an allocation, a node, an evaluation or a deployment.",
  flags,
  run: async (context, { flags, words }) => {
    const [word, tooMany] = words;
    if (tooMany !== undefined)
      throw new UsageFailure("This command takes either no arguments or one: <identifier>");
    refuseBoth({ json: flags.json, template: flags.t });
    if (word === undefined) return show(context, "jobs", undefined, flags);
    const { value } = await orFail(
      `Error querying search with id ${JSON.stringify(word)}`,
      context.client.put<SearchAnswer>("/v1/search", { Prefix: word, Context: "all" }),
    );
    const match = matchIdentifier(word, value.Matches ?? {});
    switch (match.kind) {
      case "none":
        throw new CommandFailure(`Unable to resolve ID: ${JSON.stringify(word)}`);
      case "many":
        throw new CommandFailure(match.text);
      case "one":
        return show(context, match.context, match.id, flags);
      default:
        return assertNever(match);
    }
  },
});

/** Each kind of thing has its own command; this one only knows which. */
async function show(
  context: CommandContext,
  kind: string,
  id: string | undefined,
  flags: StatusFlags,
): Promise<number> {
  const common = { ...flags, short: false, stats: false, monitor: false };
  switch (kind) {
    case "jobs": {
      const { showJobStatus } = await import("./job-status.ts");
      return showJobStatus(context, id, { ...common, evals: false, "all-allocs": false });
    }
    case "allocs": {
      const { showAllocation } = await import("./alloc-status.ts");
      return showAllocation(context, id ?? "", common);
    }
    case "nodes": {
      const { showNode } = await import("./node-status.ts");
      const list = { allocs: false, os: false, quiet: false, self: false };
      const page = { "per-page": 0, "page-token": "", filter: "" };
      return showNode(context, id ?? "", { ...common, ...list, ...page });
    }
    case "evals": {
      const { showEvaluation } = await import("./eval-status.ts");
      return showEvaluation(context, id ?? "", common);
    }
    case "deployment": {
      const { showDeployment } = await import("./deployment-status.ts");
      return showDeployment(context, id ?? "", { ...common, wait: 2e9 });
    }
    case "namespaces": {
      const { showNamespace } = await import("./namespace-status.ts");
      return showNamespace(context, id ?? "", flags);
    }
    default:
      throw new CommandFailure(
        `${JSON.stringify(id)} belongs to ${kind}, which no command here shows`,
      );
  }
}

import type { SearchAnswer } from "../../sdk/wire.ts";
import { CommandFailure, defineCommand, orFail, UsageFailure } from "../command.ts";
import type { CommandContext } from "../command.ts";
import { matchIdentifier } from "../core/match-identifier.ts";
import { flag } from "../../lib/flags.ts";
import { uiAddress } from "../hints.ts";

export const openUi = defineCommand({
  usage: "[options] [<identifier>]",
  description: "Opens the web UI, at the page of a job, allocation, node or evaluation if given.",
  flags: { "show-url": flag.bool("Only print the address.") },
  run: async (context, { flags, words }) => {
    const [word, tooMany] = words;
    if (tooMany !== undefined)
      throw new UsageFailure("This command takes no arguments or one optional argument, [<id>]");
    const url = uiAddress(context) + (word === undefined ? "" : await pageOf(context, word));
    if (flags["show-url"]) {
      context.ui.output(`URL for web UI: ${url}`);
      return 0;
    }
    context.ui.output(`Opening URL ${JSON.stringify(url)}`);
    await context.ports.openBrowser(url);
    return 0;
  },
});

async function pageOf(context: CommandContext, word: string): Promise<string> {
  const { value } = await orFail(
    `Error querying search with id ${JSON.stringify(word)}`,
    context.client.put<SearchAnswer>("/v1/search", { Prefix: word, Context: "all" }),
  );
  const match = matchIdentifier(word, value.Matches ?? {});
  if (match.kind === "many") throw new CommandFailure(match.text);
  const folder = match.kind === "one" ? folders[match.context] : undefined;
  if (match.kind === "none" || folder === undefined)
    throw new CommandFailure(`Unable to resolve ID: ${JSON.stringify(word)}`);
  return `/ui/${folder}/${match.id}`;
}

const folders: { readonly [kind: string]: string } = {
  jobs: "jobs",
  allocs: "allocations",
  nodes: "clients",
  evals: "evaluations",
};

import type { CommandContext } from "./command.ts";
import { flag, type FlagValues } from "../lib/flags.ts";
import type { Query } from "../sdk/client.ts";

/** The options of lists that may be read page by page. */
export const pageFlags = {
  "per-page": flag.int("How many to show at most."),
  "page-token": flag.text("Where to go on, as the page before said."),
  filter: flag.text("Only those that match this expression."),
};
type PageFlags = FlagValues<typeof pageFlags>;

export const pageQuery = (options: PageFlags): Query => ({
  ...(options["per-page"] > 0 ? { per_page: options["per-page"] } : {}),
  ...(options["page-token"] ? { next_token: options["page-token"] } : {}),
  ...(options.filter ? { filter: options.filter } : {}),
});

/** Says how to see the next page when there is one. */
export function pageNotice(context: CommandContext, nextToken: string, command: string): void {
  if (nextToken === "") return;
  context.ui.output(
    `\nResults have been paginated. To get the next page run:\n\nnomad ${command} -page-token ${nextToken}`,
  );
}

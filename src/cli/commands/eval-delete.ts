import { flag } from "../../lib/flags.ts";
import type { EvaluationAnswer } from "../../sdk/wire.ts";
import { CommandFailure, defineCommand, orFail, UsageFailure } from "../command.ts";
import type { CommandContext } from "../command.ts";
import { confirm } from "../confirm.ts";
import { evaluationList } from "./eval-list.ts";
import { resolveId } from "../resolve-id.ts";

export const evalDelete = defineCommand({
  usage: "[options] [<evaluation>]",
  description:
    "Deletes an evaluation, or all that match -filter, and whatever belongs to them. For an overloaded cluster only: the broker has to be paused first.",
  flags: {
    filter: flag.text("All that match this expression."),
    yes: flag.bool("Do not ask."),
  },
  run: async (context, { flags, words }) => {
    const [word, tooMany] = words;
    if (tooMany !== undefined || (word === undefined) === (flags.filter === ""))
      throw new UsageFailure("Either an evaluation ID or the -filter option must be given");
    if (!(await isBrokerPaused(context))) return 1;
    return word === undefined
      ? deleteMatching(context, flags)
      : deleteOne(context, word, flags.yes);
  },
});

async function isBrokerPaused(context: CommandContext): Promise<boolean> {
  const { value } = await orFail(
    "Error querying scheduler configuration",
    context.client.get<{ readonly SchedulerConfig?: { readonly PauseEvalBroker?: boolean } }>(
      "/v1/operator/scheduler/configuration",
    ),
  );
  if (value.SchedulerConfig?.PauseEvalBroker === true) return true;
  const { ui } = context;
  const command = "nomad operator scheduler set-config -pause-eval-broker";
  ui.error("Eval broker is not paused");
  ui.output(`To delete evaluations, first pause the broker: ${command}=true`);
  ui.output(`Let it go on afterwards: ${command}=false`);
  return false;
}

async function deleteOne(context: CommandContext, word: string, yes: boolean): Promise<number> {
  const found = await resolveId<EvaluationAnswer>(
    context,
    {
      path: "/v1/evaluations",
      failure: "Error querying evaluation",
      noneFound: (id) => `No evaluation(s) with prefix or id "${id}" found`,
      manyFound: "Prefix matched multiple evaluations",
      table: (evaluations) => evaluationList(evaluations, false),
    },
    word,
  );
  const end = yes ? undefined : await ask(context, 1);
  return end ?? remove(context, { EvalIDs: [found.ID] });
}

async function deleteMatching(
  context: CommandContext,
  { filter, yes }: { readonly filter: string; readonly yes: boolean },
): Promise<number> {
  const { value } = await orFail(
    "Error querying evaluations",
    context.client.get<readonly EvaluationAnswer[] | null>("/v1/evaluations", { filter }),
  );
  const count = value?.length ?? 0;
  if (count === 0) throw new CommandFailure("No evaluations match the filter");
  const end = yes ? undefined : await ask(context, count);
  return end ?? remove(context, { Filter: filter });
}

const ask = (context: CommandContext, count: number): Promise<number | undefined> =>
  confirm(
    context,
    `Are you sure you want to delete ${plural(count)}? [y/N]`,
    "Cancelling eval deletion",
  );

async function remove(context: CommandContext, what: object): Promise<number> {
  const { value } = await orFail(
    "Error deleting evaluations",
    context.client.send<{ readonly Count?: number } | undefined>({
      method: "DELETE",
      path: "/v1/evaluations",
      body: what,
    }),
  );
  const count = value?.Count ?? ("EvalIDs" in what ? 1 : 0);
  context.ui.output(
    count === 0 ? "No evaluations were deleted" : `Successfully deleted ${plural(count)}`,
  );
  return 0;
}

const plural = (count: number): string => `${count} evaluation${count === 1 ? "" : "s"}`;

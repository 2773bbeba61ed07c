import { flag } from "../../lib/flags.ts";
import type { JsonMap } from "../../model/job.ts";
import { defineCommand, noWords, oneWord, orFail } from "../command.ts";
import { sortedJson } from "../core/json-text.ts";
import { formatKeyValues, formatList } from "../core/table.ts";
import { shortId } from "../core/values.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { resolveId } from "../resolve-id.ts";

interface PolicyStub {
  readonly ID: string;
  readonly Enabled: boolean;
  readonly Type: string;
  readonly Target: { readonly [level: string]: string } | null;
}
interface PolicyAnswer extends PolicyStub {
  readonly Min: number;
  readonly Max: number;
  readonly Policy: JsonMap | null;
}

export const scalingPolicyList = defineCommand({
  usage: "[options]",
  description: "Lists the scaling policies of jobs.",
  flags: {
    ...formatFlags,
    type: flag.text("Only policies of this type."),
    job: flag.text("Only policies of this job."),
    verbose: flag.bool("Print whole ids."),
  },
  run: async ({ client, ui }, { flags, words }) => {
    noWords(words);
    refuseBoth({ json: flags.json, template: flags.t });
    const { value } = await orFail(
      "Error listing scaling policies",
      client.get<readonly PolicyStub[] | null>("/v1/scaling/policies", {
        ...(flags.job === "" ? {} : { job: flags.job }),
        ...(flags.type === "" ? {} : { type: flags.type }),
      }),
    );
    const policies = value ?? [];
    const formatted = formatAnswer(policies, { json: flags.json, template: flags.t });
    const table = (): string =>
      policies.length === 0 ? "No policies found" : policyTable(policies, flags.verbose);
    ui.output(formatted ?? table());
    return 0;
  },
});

export const scalingPolicyInfo = defineCommand({
  usage: "[options] <policy id>",
  description: "Shows a scaling policy.",
  flags: { ...formatFlags, verbose: flag.bool("Print whole ids.") },
  run: async (context, { flags, words }) => {
    const word = oneWord(words, "policy_id");
    refuseBoth({ json: flags.json, template: flags.t });
    const { ID: id } = await resolveId<PolicyStub>(
      context,
      {
        path: "/v1/scaling/policies",
        failure: "Error querying scaling policy",
        noneFound: (text) => `no scaling policies with prefix or ID "${text}" found`,
        manyFound: "Prefix matched multiple scaling policies",
        table: (policies) => policyTable(policies, flags.verbose),
      },
      word,
    );
    const { value } = await orFail(
      "Error querying scaling policy",
      context.client.get<PolicyAnswer>(`/v1/scaling/policy/${id}`),
    );
    const formatted = formatAnswer(value, { json: flags.json, template: flags.t });
    context.ui.output(formatted ?? policyText(value, flags.verbose));
    return 0;
  },
});

const policyTable = (policies: readonly PolicyStub[], verbose: boolean): string =>
  formatList([
    ["ID", "Enabled", "Type", "Target"],
    ...policies.map((policy) => [
      shortId(policy.ID, verbose),
      String(policy.Enabled),
      policy.Type,
      targetText(policy),
    ]),
  ]);

const policyText = (policy: PolicyAnswer, verbose: boolean): string => {
  const facts = formatKeyValues([
    ["ID", shortId(policy.ID, verbose)],
    ["Enabled", String(policy.Enabled)],
    ["Target", targetText(policy)],
    ["Min", String(policy.Min)],
    ["Max", String(policy.Max)],
  ]);
  return `${facts}\n\nPolicy:\n${sortedJson(policy.Policy ?? {})}`;
};

const levels = ["Namespace", "Job", "Group", "Task"];

/** From the widest to the narrowest: `Namespace:default,Job:web,Group:hall`. */
const targetText = ({ Target: target }: PolicyStub): string =>
  levels.flatMap((level) => (target?.[level] ? [`${level}:${target[level]}`] : [])).join(",");

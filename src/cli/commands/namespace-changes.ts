import { readFile } from "node:fs/promises";
import type { Namespace } from "../../model/namespace.ts";
import { ResponseError } from "../../sdk/client.ts";
import {
  CommandFailure,
  defineCommand,
  messageOf,
  oneWord,
  orFail,
  type CommandContext,
} from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { sortedJson } from "../core/json-text.ts";
import { formatAnswer } from "../format-answer.ts";

export const namespaceApply = defineCommand({
  usage: "[options] <name>",
  description:
    "Makes a namespace or changes it. With -json the word is a file of the HTTP API's form, or - for the standard input.",
  flags: {
    description: flag.text("What it is for."),
    quota: flag.text("Quota; there are none in this program."),
    json: flag.bool("The word names a JSON file."),
  },
  run: async (context, { flags, given, words }) => {
    const word = oneWord(words, "namespace");
    const namespace = flags.json
      ? await readNamespace(word)
      : { ...(await existing(context, word)), Name: word };
    await orFail(
      "Error applying namespace",
      context.client.put(`/v1/namespace/${encodeURIComponent(String(namespace.Name))}`, {
        ...namespace,
        ...(given.has("description") ? { Description: flags.description } : {}),
        ...(given.has("quota") ? { Quota: flags.quota } : {}),
      }),
    );
    context.ui.output(`Successfully applied namespace "${String(namespace.Name)}"!`);
    return 0;
  },
});

/** What is not given stays as it is. */
async function existing(context: CommandContext, name: string): Promise<Partial<Namespace>> {
  try {
    const path = `/v1/namespace/${encodeURIComponent(name)}`;
    return (await context.client.get<Namespace>(path)).value;
  } catch (thrown) {
    if (thrown instanceof ResponseError && thrown.status === 404) return {};
    throw new CommandFailure(`Error looking up namespace: ${messageOf(thrown)}`, undefined, thrown);
  }
}

async function readNamespace(file: string): Promise<Partial<Namespace>> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof value === "object" && value !== null && "Name" in value)
      return { ...value, Name: String(value.Name) };
    throw new Error("there is no Name in it");
  } catch (thrown) {
    throw new CommandFailure(`Error reading ${file}: ${messageOf(thrown)}`, undefined, thrown);
  }
}

export const namespaceDelete = defineCommand({
  usage: "[options] <namespace>",
  description: "Deletes a namespace that nothing lives in any more.",
  flags: {},
  run: async ({ client, ui }, { words }) => {
    const name = oneWord(words, "namespace");
    await orFail(
      "Error deleting namespace",
      client.delete(`/v1/namespace/${encodeURIComponent(name)}`),
    );
    ui.output(`Successfully deleted namespace "${name}"!`);
    return 0;
  },
});

export const namespaceInspect = defineCommand({
  usage: "[options] <namespace>",
  description: "Prints a namespace as the HTTP API knows it.",
  flags: { t: flag.text("Print it through a template.") },
  run: async ({ client, ui }, { flags, words }) => {
    const name = oneWord(words, "namespace");
    const answer = await orFail(
      "Error retrieving namespaces",
      client.get<Namespace>(`/v1/namespace/${encodeURIComponent(name)}`),
    );
    // The hash is the servers' own business.
    const { Hash: _, ...value } = answer.value;
    ui.output(formatAnswer(value, { json: false, template: flags.t }) ?? sortedJson(value));
    return 0;
  },
});

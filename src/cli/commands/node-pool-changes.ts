import { readFile, writeFile } from "node:fs/promises";
import { flag } from "../../lib/flags.ts";
import type { Json } from "../../lib/json.ts";
import {
  CommandFailure,
  defineCommand,
  messageOf,
  oneWord,
  orFail,
  UsageFailure,
} from "../command.ts";
import { readAll, systemWord } from "../job-file.ts";
import { poolPath } from "./node-pools.ts";

export const nodePoolApply = defineCommand({
  usage: "[options] <file>",
  description: "Makes a node pool or changes it, as a file or, for -, the standard input says.",
  flags: { json: flag.bool("The file is JSON in the form of the HTTP API.") },
  run: async (context, { flags, words }) => {
    const file = oneWord(words, "file");
    const text = file === "-" ? await readAll(context) : await readPoolFile(file);
    const pool = flags.json ? fromJson(text) : await fromHcl(text, file);
    await orFail("Error applying node pool", context.client.put("/v1/node/pools", pool));
    context.ui.output(`Successfully applied node pool "${pool.Name}"!`);
    return 0;
  },
});

export const nodePoolDelete = defineCommand({
  usage: "[options] <node-pool>",
  description: "Deletes a node pool without nodes and jobs.",
  flags: {},
  run: async ({ client, ui }, { words }) => {
    const name = oneWord(words, "node-pool");
    await orFail("Error deleting node pool", client.delete(poolPath(name)));
    ui.output(`Successfully deleted node pool "${name}"!`);
    return 0;
  },
});

export const nodePoolInit = defineCommand({
  usage: "[options] [<file>]",
  description: "Writes an example file of a node pool, pool.nomad.hcl unless told otherwise.",
  flags: {
    out: flag.text("hcl or json.", "hcl"),
    quiet: flag.bool("Print nothing after the file is written."),
  },
  run: async (context, { flags, words }) => {
    const format = flags.out;
    if (format !== "hcl" && format !== "json")
      throw new CommandFailure('Unsupported output format: use "hcl" or "json"');
    const [file = `pool.nomad.${format}`, tooMany] = words;
    if (tooMany !== undefined)
      throw new UsageFailure("This command takes no arguments or one: <filename>");
    await writeExample(file, format === "hcl" ? exampleHcl : exampleJson);
    if (!flags.quiet) context.ui.output(`Example node pool specification written to ${file}`);
    return 0;
  },
});

interface PoolBody {
  readonly Name: string;
  readonly [name: string]: Json;
}

async function readPoolFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (thrown) {
    throw unreadable(`open ${file}: ${systemWord(thrown)}`, thrown);
  }
}

function fromJson(text: string): PoolBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw unreadable(messageOf(thrown), thrown);
  }
  if (typeof value !== "object" || value === null || !("Name" in value))
    throw unreadable("there is no Name in it");
  return { ...value, Name: String(value.Name) };
}

/** The parser is loaded here and not before: most commands never need it. */
async function fromHcl(text: string, file: string): Promise<PoolBody> {
  const { parseSpec } = await import("../../jobspec/parse-spec.ts");
  const { formatDiagnostic } = await import("../../jobspec/parse-job.ts");
  const parsed = parseSpec(text, { file, block: "node_pool" });
  if (!parsed.ok) throw unreadable(parsed.diagnostics.map(formatDiagnostic).join("\n"));
  const { label, body } = parsed.spec;
  const unknown = Object.keys(body).filter((key) => !Object.hasOwn(keys, key));
  if (unknown.length > 0) throw unreadable(`invalid key: ${unknown.join(", ")}`);
  return {
    Name: label,
    ...renamed(body, keys),
    ...(isObject(body["scheduler_config"])
      ? { SchedulerConfiguration: renamed(body["scheduler_config"], schedulerKeys) }
      : {}),
  };
}

const keys: { readonly [key: string]: string } = {
  description: "Description",
  meta: "Meta",
  node_identity_ttl: "NodeIdentityTTL",
  scheduler_config: "SchedulerConfiguration",
};
const schedulerKeys: { readonly [key: string]: string } = {
  scheduler_algorithm: "SchedulerAlgorithm",
  memory_oversubscription_enabled: "MemoryOversubscriptionEnabled",
};

const renamed = (
  body: { readonly [key: string]: Json },
  names: { readonly [key: string]: string },
): { readonly [name: string]: Json } =>
  Object.fromEntries(Object.entries(body).map(([key, value]) => [names[key] ?? key, value]));

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const unreadable = (reason: string, cause?: unknown): CommandFailure =>
  new CommandFailure(`Failed to parse input content: ${reason}`, undefined, cause);

async function writeExample(file: string, text: string): Promise<void> {
  try {
    // Refuses to overwrite what is there already.
    await writeFile(file, text, { mode: 0o660, flag: "wx" });
  } catch (thrown) {
    throw new CommandFailure(`Failed to write ${file}: ${systemWord(thrown)}`, undefined, thrown);
  }
}

const exampleHcl = `# A node pool groups nodes; a job names the pool that it wants to run in.
node_pool "example" {
  description = "What these nodes are for"

  # Whatever people or programs should know about this pool.
  meta {
    owner = "team-a"
  }

  # How to place allocations here, when it differs from the rest of the cluster.
  # scheduler_config {
  #   scheduler_algorithm             = "spread"
  #   memory_oversubscription_enabled = true
  # }
}
`;
const exampleJson = `{
  "Name": "example",
  "Description": "What these nodes are for",
  "Meta": {
    "owner": "team-a"
  }
}
`;

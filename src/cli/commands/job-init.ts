import { access, writeFile } from "node:fs/promises";
import { ResponseError } from "../../sdk/client.ts";
import {
  CommandFailure,
  defineCommand,
  messageOf,
  orFail,
  UsageFailure,
  type CommandContext,
} from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { formatList } from "../core/table.ts";
import { fullExample, shortExample } from "../example-job.ts";
import { fullMeshExample, shortMeshExample } from "../example-mesh-job.ts";
import { systemWord } from "../job-file.ts";

const defaultFile = "example.nomad.hcl";
const templates = "nomad/job-templates";

export const jobInit = defineCommand({
  usage: "[options] [<file>]",
  description: `Writes an example job file, ${defaultFile} unless another name is given.`,
  flags: {
    short: flag.bool("Without the explanations."),
    connect: flag.bool("An example for Consul's service mesh."),
    template: flag.text(`A job template kept as a variable below ${templates}.`),
    "list-templates": flag.bool("Only list those templates."),
  },
  run: async (context, { flags, words }) => {
    const [file = defaultFile, tooMany] = words;
    if (tooMany !== undefined)
      throw new UsageFailure("This command takes no arguments or one: <filename>");
    if (flags["list-templates"]) return listTemplates(context);
    if (await exists(file)) throw new CommandFailure(`Job '${file}' already exists`);
    if (flags.template !== "") {
      context.ui.output(`Initializing a job template from ${flags.template}`);
      await write(file, await readTemplate(context, flags.template));
    } else await write(file, example(flags));
    context.ui.output(`Example job file written to ${file}`);
    if (flags.connect && flags.template === "")
      context.ui.warn("An agent of this program runs no service mesh and refuses such a job.");
    return 0;
  },
});

function example(flags: { readonly connect: boolean; readonly short: boolean }): string {
  if (flags.connect) return flags.short ? shortMeshExample : fullMeshExample;
  return flags.short ? shortExample : fullExample;
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    // Nothing there to overwrite; what else is wrong the write itself will say.
    return false;
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    // Refuses to overwrite even a file that appeared a moment ago.
    await writeFile(file, text, { mode: 0o660, flag: "wx" });
  } catch (thrown) {
    throw new CommandFailure(`Failed to write '${file}': ${systemWord(thrown)}`, undefined, thrown);
  }
}

async function readTemplate(context: CommandContext, name: string): Promise<string> {
  const path = name.startsWith("nomad/") ? name : `${templates}/${name}`;
  try {
    const { value } = await context.client.get<{
      readonly Items?: { readonly [key: string]: string } | null;
    }>(`/v1/var/${path}`);
    const template = value.Items?.["template"];
    if (template === undefined) throw new Error('the variable has no item "template"');
    return template;
  } catch (thrown) {
    const missing = thrown instanceof ResponseError && thrown.status === 404;
    throw new CommandFailure(
      `Error retrieving job template from ${path}: ${missing ? "Variable not found" : messageOf(thrown)}`,
      undefined,
      thrown,
    );
  }
}

async function listTemplates(context: CommandContext): Promise<number> {
  const { value } = await orFail(
    "Error retrieving job templates",
    context.client.get<readonly { readonly Path: string }[] | null>("/v1/vars", {
      prefix: `${templates}/`,
    }),
  );
  const found = value ?? [];
  if (found.length === 0) throw new CommandFailure(`No variables in ${templates}`);
  context.ui.output(formatList(found.map((variable) => [variable.Path])));
  return 0;
}

import { readFile } from "node:fs/promises";
import {
  CommandFailure,
  defineCommand,
  messageOf,
  orFail,
  UsageFailure,
  type CommandContext,
} from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { formatKeyValues } from "../core/table.ts";
import { shortId } from "../core/values.ts";
import { showHint } from "../hints.ts";
import { inNamespace, readAll, systemWord } from "../job-file.ts";
import { monitorEvaluation } from "../monitor-evaluation.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";

export const jobDispatch = defineCommand({
  usage: "[options] <parameterized job> [<input>]",
  description:
    "Runs a parameterized job once, with values and a payload of its own. The input is a file, or - for the standard input.",
  flags: {
    meta: flag.list("A value for the job, key=value."),
    detach: flag.bool("Return after the dispatch."),
    verbose: flag.bool("Print whole ids."),
    "id-prefix-template": flag.text("Text in the id of the new job."),
    "idempotency-token": flag.text("Dispatch only if no job with this token is running."),
    priority: flag.int("Priority of the new job; 0 means the parent's."),
    ui: flag.bool("Also open the job in the web UI."),
  },
  run: async (context, { flags, words }) => {
    const [word, input, tooMany] = words;
    if (word === undefined || tooMany !== undefined)
      throw new UsageFailure(
        "This command takes one or two arguments: <parameterized job> [<input source>]",
      );
    const payload = input === undefined ? undefined : await readInput(context, input);
    const found = await resolveJob(context, word, {
      word: "parameterized ",
      filter: "ParameterizedJob is not nil",
    });
    const here = inNamespace(context, found.namespace);
    const { value } = await orFail(
      "Failed to dispatch job",
      here.client.put<{ readonly DispatchedJobID: string; readonly EvalID: string }>(
        `${jobPath(found.id)}/dispatch`,
        {
          JobID: found.id,
          Meta: Object.fromEntries(flags.meta.map(pair)),
          Payload: payload?.toString("base64") ?? null,
          IdPrefixTemplate: flags["id-prefix-template"],
          Priority: flags.priority,
        },
        flags["idempotency-token"] ? { idempotency_token: flags["idempotency-token"] } : {},
      ),
    );
    const facts: (readonly [string, string])[] = [["Dispatched Job ID", value.DispatchedJobID]];
    if (value.EvalID) facts.push(["Evaluation ID", shortId(value.EvalID, flags.verbose)]);
    here.ui.output(formatKeyValues(facts));
    const path = `/jobs/${encodeURIComponent(value.DispatchedJobID)}@${found.namespace}`;
    await showHint(here, "View this job", path, flags.ui);
    if (flags.detach || !value.EvalID) return 0;
    here.ui.rawError("\n");
    here.ui.output("");
    return monitorEvaluation(here, value.EvalID, flags.verbose);
  },
});

function pair(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at <= 0)
    throw new CommandFailure(`Error parsing meta value: ${JSON.stringify(text)} is not key=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

async function readInput(context: CommandContext, input: string): Promise<Buffer> {
  if (input === "-") return Buffer.from(await readAll(context));
  try {
    return await readFile(input);
  } catch (thrown) {
    throw new CommandFailure(
      `Error reading input data: open ${input}: ${systemWord(thrown)}`,
      undefined,
      messageOf(thrown),
    );
  }
}

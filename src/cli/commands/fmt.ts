import { isUtf8 } from "node:buffer";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { formatJobFile } from "../../jobspec/format-job-file.ts";
import { defineCommand, UsageFailure, type CommandContext } from "../command.ts";
import type { Diagnostic } from "../../lib/diagnostic.ts";
import { diagnosticsText } from "../core/diagnostic-text.ts";
import { createPaint } from "../core/paint.ts";
import { flag } from "../../lib/flags.ts";
import { readAll, systemWord } from "../job-file.ts";
import { rewriteFile } from "../rewrite-file.ts";
import { byText } from "../core/values.ts";

export const fmt = defineCommand({
  usage: "[options] [<path> ...]",
  description:
    'Writes files of jobs and of configuration anew in their one form: indents, blanks and blank lines, never words. Each path is a file or a folder, whose .nomad and .hcl files are meant; without one it is the folder we are in. With "-" the text is read from standard input and printed.',
  flags: {
    check: flag.bool("Write nothing; exit with 1 when a file is not in its one form."),
    list: flag.bool("Print the names of the files that are not in their one form.", true),
    write: flag.bool("Write the files.", true),
    recursive: flag.bool("Take the folders inside of folders too."),
  },
  run: async (context, { flags, words }) => {
    if (words.includes("-")) {
      if (words.length > 1) throw new UsageFailure('"-" stands alone: standard input is one text');
      const text = await readAll(context);
      return settle(flags.check, [formatStdin(context, text)]);
    }
    const manner = { list: flags.list, write: flags.write && !flags.check };
    const outcomes: Outcome[] = [];
    const tell: Tell = (path, thrown) => {
      context.ui.error(`Error reading ${path}: ${systemWord(thrown)}`);
      outcomes.push("failed");
    };
    for (const path of await filesOf(words.length > 0 ? words : ["."], flags.recursive, tell))
      outcomes.push(await formatFile(context, path, manner));
    return settle(flags.check, outcomes);
  },
});

type Outcome = "same" | "changed" | "failed";

const settle = (check: boolean, outcomes: readonly Outcome[]): number =>
  outcomes.includes("failed") || (check && outcomes.includes("changed")) ? 1 : 0;

function formatStdin(context: CommandContext, text: string): Outcome {
  const result = formatJobFile(text, "stdin");
  if (!result.ok) return refuse(context, { file: "stdin", text, faults: result.diagnostics });
  context.ui.raw(result.text);
  return result.text === text ? "same" : "changed";
}

function refuse(
  context: CommandContext,
  refused: { readonly file: string; readonly text: string; readonly faults: readonly Diagnostic[] },
): Outcome {
  const { file, text, faults } = refused;
  const paint = context.ui.errorPaint ?? createPaint(false);
  context.ui.rawError(diagnosticsText(faults, new Map([[file, text]]), paint));
  return "failed";
}

async function formatFile(
  context: CommandContext,
  path: string,
  manner: { readonly list: boolean; readonly write: boolean },
): Promise<Outcome> {
  try {
    const bytes = await readFile(path);
    if (!isUtf8(bytes)) throw new Error("the file is not written in UTF-8");
    const text = bytes.toString("utf8");
    const result = formatJobFile(text, path);
    if (!result.ok) return refuse(context, { file: path, text, faults: result.diagnostics });
    if (!manner.list && !manner.write) context.ui.raw(result.text);
    if (result.text === text) return "same";
    if (manner.write) await rewriteFile(path, result.text);
    if (manner.list) context.ui.output(path);
    return "changed";
  } catch (thrown) {
    context.ui.error(`Error formatting ${path}: ${systemWord(thrown)}`);
    return "failed";
  }
}

/** Told what cannot be looked at; the other files go on. */
type Tell = (path: string, thrown: unknown) => void;

/** The files that the paths mean, each once. */
async function filesOf(
  paths: readonly string[],
  recursive: boolean,
  tell: Tell,
): Promise<ReadonlySet<string>> {
  const files = new Set<string>();
  for (const path of paths)
    try {
      if ((await stat(path)).isDirectory())
        for (const file of await filesIn(path, recursive, tell)) files.add(file);
      else files.add(path);
    } catch (thrown) {
      tell(path, thrown);
    }
  return files;
}

/** In the order of their names. A link to a file counts, a link to a folder does not: it could lead in a circle. */
async function filesIn(folder: string, recursive: boolean, tell: Tell): Promise<string[]> {
  const found: string[] = [];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => byText(a.name, b.name))) {
      const path = join(folder, entry.name);
      // Hidden files and folders belong to other programs.
      if (entry.name.startsWith(".")) continue;
      if (entry.isDirectory()) found.push(...(recursive ? await filesIn(path, true, tell) : []));
      else if (/\.(?:nomad|hcl)$/.test(entry.name) && (await isFile(path, tell))) found.push(path);
    }
  } catch (thrown) {
    tell(folder, thrown);
  }
  return found;
}

async function isFile(path: string, tell: Tell): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (thrown) {
    tell(path, thrown);
    return false;
  }
}

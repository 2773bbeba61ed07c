import { readFile, stat } from "node:fs/promises";
import type { JobBody } from "../jobspec/job-body.ts";
import type { JobSubmission } from "../model/job.ts";
import { NomadClient } from "../sdk/client.ts";
import { CommandFailure, messageOf, type CommandContext } from "./command.ts";
import { FaultyText } from "./faulty-text.ts";
import type { LocateFindings } from "./load-job.ts";
import { flag } from "../lib/flags.ts";
import { codeOf } from "../lib/errors.ts";

/** The options of every command that reads a job file. */
export const jobFileFlags = {
  json: flag.bool("The file is JSON in the form of the HTTP API."),
  "hcl2-strict": flag.bool("Refuse variables that the file does not declare.", true),
  var: flag.list("Value of a variable, name=value."),
  "var-file": flag.list("File with values of variables."),
};
export interface JobFileFlags {
  readonly json: boolean;
  readonly "hcl2-strict": boolean;
  readonly var: readonly string[];
  readonly "var-file": readonly string[];
  /** Takes `-json` for the form of the answer where the file is written in the language. */
  readonly isJsonForAnswer?: boolean;
}
export interface JobFile {
  readonly body: JobBody;
  /** What the server keeps beside the version, so that people can read the file later. */
  readonly submission: JobSubmission;
  readonly locate: LocateFindings;
}

const variablePrefix = "NOMAD_VAR_";

export async function readJobFile(
  context: CommandContext,
  path: string,
  flags: JobFileFlags,
): Promise<JobFile> {
  const hasVariables = flags.var.length > 0 || flags["var-file"].length > 0;
  if (flags.json && hasVariables && !flags.isJsonForAnswer) throw variablesWithJson();
  const { text, name } = await readSource(context, path);
  const json = flags.json && (!flags.isJsonForAnswer || /^\uFEFF?\s*\{/.test(text));
  if (json && hasVariables) throw variablesWithJson();
  const variableFlags = flagVariables(flags.var);
  const environment = environmentVariables(context);
  const variableFiles = await Promise.all(
    flags["var-file"].map(async (file) => ({ name: file, text: await readVariables(file) })),
  );
  const loaded = await context.ports.loadJob({
    text,
    file: name,
    json,
    strict: flags["hcl2-strict"],
    variableFlags,
    variableFiles,
    environment,
  });
  if (!loaded.ok) {
    const message = `Error getting job struct: ${loaded.message}`;
    throw loaded.faults === undefined
      ? new CommandFailure(message)
      : new FaultyText(message, loaded.faults, loaded.texts ?? new Map());
  }
  return {
    body: loaded.body,
    locate:
      loaded.locate ?? ((findings) => Promise.resolve({ faults: findings, texts: new Map() })),
    submission: {
      Source: text,
      Format: json ? "json" : "hcl2",
      Variables: variableFiles.map((file) => file.text).join("\n"),
      VariableFlags: json ? {} : { ...environment, ...variableFlags },
    },
  };
}

const variablesWithJson = (): CommandFailure =>
  new CommandFailure("Invalid job options: cannot use variables with JSON files.");

async function readSource(
  context: CommandContext,
  path: string,
): Promise<{ readonly text: string; readonly name: string }> {
  try {
    if (path === "-") return { text: await readAll(context, mostBytes), name: "stdin" };
    if (/^https?:\/\//.test(path)) return { text: await download(path), name: path };
    const { size } = await stat(path).catch((thrown: unknown) => {
      throw new Error(`source path error: stat ${path}: ${systemWord(thrown)}`, { cause: thrown });
    });
    refuseLarge(size);
    return { text: await readFile(path, "utf8"), name: path };
  } catch (thrown) {
    throw new CommandFailure(
      `Error getting job struct: Error getting jobfile from ${JSON.stringify(path)}: ${messageOf(thrown)}`,
      undefined,
      thrown,
    );
  }
}

/** Far more than a job may have; what is larger would only fill the memory before it is refused. */
const mostBytes = 16_000_000;

function refuseLarge(size: number, most = mostBytes): void {
  if (size > most) throw new Error(`it is larger than ${most / 1_000_000} MB`);
}

async function download(url: string): Promise<string> {
  const { origin, pathname, search } = new URL(url);
  const answer = await new NomadClient({ address: origin }).raw({
    method: "GET",
    path: `${pathname}${search}`,
  });
  if (answer.status !== 200) throw new Error(`bad response code: ${answer.status}`);
  return answer.body.toString("utf8");
}

export async function readAll(
  context: CommandContext,
  most = Number.POSITIVE_INFINITY,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of context.streams.stdin) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    refuseLarge(size, most);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function readVariables(file: string): Promise<string> {
  try {
    refuseLarge((await stat(file)).size);
    return await readFile(file, "utf8");
  } catch (thrown) {
    throw new CommandFailure(
      `Error getting job struct: Error reading variables file ${file}: ${systemWord(thrown)}`,
      undefined,
      thrown,
    );
  }
}

/** The operating system's complaint, without node's decoration. */
export function systemWord(thrown: unknown): string {
  const words: Readonly<Record<string, string>> = {
    ENOENT: "no such file or directory",
    EACCES: "permission denied",
    EISDIR: "is a directory",
    ENOTDIR: "not a directory",
    EEXIST: "file exists",
  };
  return words[codeOf(thrown)] ?? messageOf(thrown);
}

type Variables = { readonly [name: string]: string };

const environmentVariables = (context: CommandContext): Variables =>
  Object.fromEntries(
    Object.entries(context.env)
      .filter(([name]) => name.startsWith(variablePrefix))
      .map(([name, value]) => [name.slice(variablePrefix.length), value ?? ""]),
  );

const flagVariables = (given: readonly string[]): Variables =>
  Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf("=");
      if (at <= 0)
        throw new CommandFailure(
          `Error getting job struct: Error parsing -var ${JSON.stringify(text)}: expected name=value`,
        );
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );

/** The namespaces that flags give a job in other systems. */
export const inOtherNamespaces = (
  body: JobBody,
  flags: { readonly "consul-namespace"?: string; readonly "vault-namespace": string },
): JobBody => ({
  ...body,
  ...(flags["consul-namespace"] ? { ConsulNamespace: flags["consul-namespace"] } : {}),
  ...(flags["vault-namespace"] ? { VaultNamespace: flags["vault-namespace"] } : {}),
});

/** The file's own region and namespace beat flags and environment. */
export function inJobsPlace(context: CommandContext, body: JobBody): CommandContext {
  return {
    ...context,
    client: context.client.with({
      ...(body.Region ? { region: body.Region } : {}),
      ...(body.Namespace ? { namespace: body.Namespace } : {}),
    }),
    namespace: body.Namespace ?? context.namespace,
  };
}

export const inNamespace = (context: CommandContext, namespace: string): CommandContext =>
  namespace === context.namespace
    ? context
    : { ...context, namespace, client: context.client.with({ namespace }) };

export function printWarnings(context: CommandContext, warnings: string | undefined): void {
  const { paint } = context.ui;
  if (warnings?.trim())
    context.ui.output(paint.bold(paint.yellow(`Job Warnings:\n${warnings.trimEnd()}`)) + "\n");
}

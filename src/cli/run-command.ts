import { CommandFailure, messageOf, UsageFailure, type CommandContext } from "./command.ts";
import type { CommandEntry } from "./command-entry.ts";
import { asksForHelp, parseFlags, type FlagValue, type ParsedFlags } from "../lib/flags.ts";
import { commandHelp, wrap } from "./core/help-text.ts";
import { createClient, generalFlags, namespaceOf, type GeneralFlags } from "./general-options.ts";
import type { CliPorts, Environment } from "./ports.ts";
import { createTimeFormat } from "./time-format.ts";
import type { CliStreams, Ui } from "./ui.ts";

export interface World {
  readonly env: Environment;
  readonly streams: CliStreams;
  readonly ports: CliPorts;
  readonly ui: Ui;
}

/** Loads the command, reads its words and runs it; whatever it throws becomes its last words and an exit code. */
export async function runCommand(
  entry: CommandEntry,
  choice: { readonly name: string; readonly args: readonly string[] },
  world: World,
): Promise<number> {
  const { ui } = world;
  const command = await entry.load();
  const help = (): string => commandHelp({ name: entry.name, ...command, general: generalFlags });
  if (asksForHelp(choice.args) && !command.rawArguments) {
    ui.output(help());
    return 0;
  }
  if (entry.deprecatedAliases?.includes(choice.name)) warnOldName(choice.name, entry.name, ui);
  const parsed = command.rawArguments
    ? unparsed(choice.args)
    : parseFlags({ ...generalFlags, ...command.flags }, choice.args);
  if (parsed.kind !== "parsed") {
    if (parsed.kind === "error") ui.error(parsed.message);
    ui.output(help());
    return parsed.kind === "help" ? 0 : command.errorCode;
  }
  try {
    return await command.run(contextOf(entry.name, world, parsed.values), parsed);
  } catch (thrown) {
    return explain(thrown, command.helpName ?? entry.name, command.errorCode, ui);
  }
}

function explain(thrown: unknown, name: string, errorCode: number, ui: Ui): number {
  if (thrown instanceof UsageFailure) {
    ui.error(thrown.message);
    ui.error(`For additional help try 'nomad ${name} -help'`);
    return errorCode;
  }
  const long =
    ui.errorPaint && thrown instanceof CommandFailure ? thrown.atLength(ui.errorPaint) : undefined;
  if (long === undefined) ui.error(messageOf(thrown));
  else ui.rawError(long);
  return thrown instanceof CommandFailure ? (thrown.exitCode ?? errorCode) : errorCode;
}

function contextOf(
  name: string,
  world: World,
  values: { readonly [name: string]: FlagValue },
): CommandContext {
  const { env, streams, ports, ui } = world;
  // The general flags were read by the table that this type is made of.
  const flags = values as unknown as GeneralFlags;
  let client: CommandContext["client"];
  try {
    client = createClient(flags, env);
  } catch (thrown) {
    throw new CommandFailure(`Error initializing client: ${messageOf(thrown)}`, undefined, thrown);
  }
  const time = createTimeFormat(ports);
  return { name, ui, env, streams, ports, client, time, namespace: namespaceOf(flags, env) };
}

/** All words as they are, with every general flag unset. */
const unparsed = (words: readonly string[]): Extract<ParsedFlags, { kind: "parsed" }> => ({
  kind: "parsed",
  values: Object.fromEntries(
    Object.entries(generalFlags).map(([name, spec]) => [name, spec.default]),
  ),
  given: new Set(),
  words,
});

function warnOldName(old: string, name: string, ui: Ui): void {
  const text = `WARNING! The "nomad ${old}" command is deprecated. Please use "nomad ${name}" instead. This command will be removed a later version of Nomad.`;
  ui.warn(`${wrap(text, "", 78)}\n`);
}

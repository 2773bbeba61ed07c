import { assertNever } from "../lib/errors.ts";
import { createSystemClock } from "../lib/system/clock.ts";
import { CommandFailure, messageOf, UsageFailure, type CommandContext } from "./command.ts";
import { commandGroups, commands, findCommand, type CommandEntry } from "./commands.ts";
import { chooseCommand, type Choice } from "./core/choose-command.ts";
import { asksForHelp, parseFlags, type FlagValue, type ParsedFlags } from "../lib/flags.ts";
import { commandHelp, groupHelp, mainHelp } from "./core/help-text.ts";
import { createClient, generalFlags, namespaceOf, type GeneralFlags } from "./general-options.ts";
import { loadJobFile } from "./job-parser.ts";
import { openBrowser } from "./open-browser.ts";
import type { CliPorts, Environment } from "./ports.ts";
import { createTimeFormat } from "./time-format.ts";
import { colorChoice, createUi, type CliStreams, type Ui } from "./ui.ts";

export const cliVersion = "2.0.5";

/**
 * Runs one command line, without the program's name, and gives the exit code. Never ends the process. Only the
 * chosen command's file is loaded.
 */
export async function runCli(
  argv: readonly string[],
  env: Environment,
  streams: CliStreams,
  given: Partial<CliPorts> = {},
): Promise<number> {
  const ports: CliPorts = { ...realPorts(), ...given };
  const ui = createUi(streams, colorChoice(argv, env));
  const choice = chooseCommand(
    new Set(commands.flatMap((entry) => namesOf(entry))),
    new Set(commandGroups.keys()),
    argv,
  );
  if (choice.kind !== "command") return answerWithoutCommand(choice, ui, ports);
  const found = findCommand(choice.name);
  if (!found) return answerWithoutCommand({ kind: "unknown" }, ui, ports);
  return runCommand(found, choice, { env, streams, ports, ui });
}

const namesOf = (entry: CommandEntry): readonly string[] => [
  entry.name,
  ...(entry.aliases ?? []),
  ...(entry.deprecatedAliases ?? []),
];

function answerWithoutCommand(
  choice: Exclude<Choice, { kind: "command" }>,
  ui: Ui,
  ports: CliPorts,
): number {
  const listed = commands.filter((entry) => entry.listed !== undefined);
  const top = (): string => {
    const groups = [...commandGroups].filter(([name]) => !name.includes(" "));
    const entries = [
      ...listed.map((entry) => ({ ...entry, name: entry.listed ?? entry.name })),
      ...groups.map(([name, group]) => ({ name, summary: group.summary })),
    ];
    const common = ["run", "stop", "status", "alloc", "job", "node", "agent"];
    return mainHelp(
      common.flatMap((name) => entries.filter((entry) => entry.name === name)),
      entries.filter((entry) => !common.includes(entry.name)),
    );
  };
  switch (choice.kind) {
    case "version":
      ui.output(`Nomad v${ports.version}`);
      return 0;
    case "help":
      ui.output(top());
      return 0;
    case "early-flag":
      ui.output(
        `Invalid flags before the subcommand. If these flags are for the subcommand,\nplease put them after the subcommand: ${choice.flag}`,
      );
      return 1;
    case "group": {
      const inside = commands.filter((entry) => entry.name.startsWith(`${choice.name} `));
      ui.output(groupHelp(choice.name, commandGroups.get(choice.name)?.summary ?? "", inside));
      return choice.help ? 0 : 1;
    }
    case "unknown":
      ui.output(top());
      return 127;
    default:
      return assertNever(choice);
  }
}

interface World {
  readonly env: Environment;
  readonly streams: CliStreams;
  readonly ports: CliPorts;
  readonly ui: Ui;
}

async function runCommand(
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
  ui.error(messageOf(thrown));
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
  ui.warn(`${wrapAt(text, 78)}\n`);
}

function wrapAt(text: string, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}

const realPorts = (): CliPorts => ({
  clock: createSystemClock(),
  zoneOffset: (ms) => -new Date(ms).getTimezoneOffset(),
  loadJob: loadJobFile,
  runAgent: undefined,
  onInterrupt: (call) => {
    process.once("SIGINT", call);
    return () => {
      process.off("SIGINT", call);
    };
  },
  openBrowser,
  version: cliVersion,
});

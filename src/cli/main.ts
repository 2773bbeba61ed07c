<<<<<<< HEAD
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
=======
import { commandGroups, commandNames, findCommand } from "./commands.ts";
import { chooseCommand } from "./core/choose-command.ts";
>>>>>>> cli
import type { CliPorts, Environment } from "./ports.ts";
import { colorChoice, createUi, type CliStreams } from "./ui.ts";

export const cliVersion = "2.0.5";

/**
 * Runs one command line, without the program's name, and gives the exit code. Never ends the process. Only what the
 * command needs is loaded, so that the version costs hardly more than starting node.
 */
export async function runCli(
  argv: readonly string[],
  env: Environment,
  streams: CliStreams,
  ports: Partial<CliPorts> = {},
): Promise<number> {
  const ui = createUi(streams, colorChoice(argv, env));
  const choice = chooseCommand(commandNames(), new Set(commandGroups.keys()), argv);
  const asksVersion = choice.kind === "command" && choice.name === "version";
  if (choice.kind === "version" || (asksVersion && choice.args.length === 0)) {
    ui.output(`Nomad v${ports.version ?? cliVersion}`);
    return 0;
  }
  const found = choice.kind === "command" ? findCommand(choice.name) : undefined;
  if (choice.kind === "command" && found) {
    const { runCommand } = await import("./run-command.ts");
    const { realPorts } = await import("./real-ports.ts");
    const world = { env, streams, ui, ports: { ...realPorts(cliVersion), ...ports } };
    return runCommand(found, choice, world);
  }
  const { showOverview } = await import("./overview.ts");
  return showOverview(choice.kind === "command" ? { kind: "unknown" } : choice, ui);
}

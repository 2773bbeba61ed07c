import { commandGroups, commandNames, findCommand } from "./commands.ts";
import { chooseCommand } from "./core/choose-command.ts";
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

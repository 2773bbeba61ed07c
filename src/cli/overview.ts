import { assertNever } from "../lib/errors.ts";
import { commandGroups, commands } from "./commands.ts";
import type { Choice } from "./core/choose-command.ts";
import { groupHelp, mainHelp } from "./core/help-text.ts";
import type { Ui } from "./ui.ts";

/** Answers a line that names no command: the list of commands, of a group, or a complaint. Gives the exit code. */
export function showOverview(
  choice: Exclude<Choice, { kind: "command" | "version" }>,
  ui: Ui,
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

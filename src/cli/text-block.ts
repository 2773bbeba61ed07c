import type { CommandContext } from "./command.ts";

/** A title and what stands below it. */
export function printBlock(context: CommandContext, title: string, text: string): void {
  context.ui.output(`\n${context.ui.paint.bold(title)}\n${text}`);
}

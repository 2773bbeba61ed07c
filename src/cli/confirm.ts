import type { CommandContext } from "./command.ts";

/**
 * Asks on stdout and reads one line. Undefined when the answer was an exact y; otherwise the exit code to end with,
 * the reason already said.
 */
export async function confirm(
  context: CommandContext,
  question: string,
  cancelled: string,
): Promise<number | undefined> {
  const { ui } = context;
  ui.raw(`${question} `);
  const line = await readLine(context);
  if (line === undefined) {
    ui.error("Failed to parse answer: the input ended");
    return 1;
  }
  if (line === "y") return undefined;
  const answer = line.toLowerCase();
  if (answer === "" || answer.startsWith("n")) {
    ui.output(cancelled);
    return 0;
  }
  if (answer.startsWith("y")) {
    ui.output("For confirmation, an exact ‘y’ is required.");
    return 0;
  }
  ui.output("No confirmation detected. For confirmation, an exact 'y' is required.");
  return 1;
}

async function readLine(context: CommandContext): Promise<string | undefined> {
  let text = "";
  for await (const chunk of context.streams.stdin) {
    text += chunk.toString();
    const end = text.indexOf("\n");
    if (end >= 0) return text.slice(0, end).trim();
  }
  return text === "" ? undefined : text.trim();
}

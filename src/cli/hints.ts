import type { AgentSelf } from "../sdk/wire.ts";
import { readBool } from "../lib/flags.ts";
import type { CommandContext } from "./command.ts";

/**
 * Tells on stderr where the web UI shows the same thing. The environment decides; without it the agent's own
 * configuration does, and an agent that does not answer means silence.
 */
export async function showHint(
  context: CommandContext,
  text: string,
  path: string,
  open = false,
): Promise<void> {
  const url = `${uiAddress(context)}/ui${path}`;
  if (await wantsHints(context)) context.ui.rawError(`\n\n==> ${text} in the Web UI: ${url}\n`);
  if (open) await context.ports.openBrowser(url);
}

export const uiAddress = (context: CommandContext): string =>
  context.client.url("").replace(/\?.*$/, "");

async function wantsHints(context: CommandContext): Promise<boolean> {
  const written = context.env["NOMAD_CLI_SHOW_HINTS"];
  if (written) {
    const value = readBool(written);
    if (value !== undefined) return value;
    context.ui.warn(
      `Error parsing NOMAD_CLI_SHOW_HINTS: invalid boolean ${JSON.stringify(written)}`,
    );
  }
  try {
    const { value } = await context.client.get<AgentSelf>("/v1/agent/self");
    const ui = value.config?.UI;
    return ui?.Enabled === true && ui.ShowCLIHints !== false;
  } catch {
    // A hint is a courtesy: an agent that refuses this question has already answered the real one.
    return false;
  }
}

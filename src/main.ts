#!/usr/bin/env node
import { setMaxListeners } from "node:events";
import module from "node:module";

/** The only place that ends the process. The agent's half is loaded only when it is asked for. */
async function main(): Promise<number> {
  keepCompiledCode();
  const { runCli } = await import("./cli/main.ts");
  const streams = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin };
  return runCli(process.argv.slice(2), process.env, streams, { runAgent });
}

/** From Node 22 on, what a command has compiled is kept for the next one in a folder of this user. */
function keepCompiledCode(): void {
  if ("enableCompileCache" in module && typeof module.enableCompileCache === "function")
    module.enableCompileCache();
}

async function runAgent(words: readonly string[]): Promise<number> {
  const { agentCommand } = await import("./agent/agent-command.ts");
  // One signal stops all who wait for it: hundreds of listeners are meant, and no leak to warn of.
  setMaxListeners(0);
  return agentCommand(words, {
    out: (line) => process.stdout.write(`${line}\n`),
    error: (line) => process.stderr.write(`${line}\n`),
    onSignal(listener) {
      for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
        process.on(name, () => listener(name));
      // A reader of our output that went away must not end the agent.
      process.on("SIGPIPE", () => undefined);
    },
    killSelf: () => process.kill(process.pid, "SIGKILL"),
  });
}

main().then(
  (code) => process.exit(code),
  (thrown: unknown) => {
    process.stderr.write(
      `${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`,
    );
    process.exit(1);
  },
);

#!/usr/bin/env node
import { runCli } from "./cli/main.ts";

/** The only place that ends the process. The agent's half is loaded only when it is asked for. */
async function main(): Promise<number> {
  const streams = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin };
  return runCli(process.argv.slice(2), process.env, streams, { runAgent });
}

async function runAgent(words: readonly string[]): Promise<number> {
  const { agentCommand } = await import("./agent/agent-command.ts");
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

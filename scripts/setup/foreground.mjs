import { spawn } from "node:child_process";

const samePressMs = 500;

/**
 * Runs the agent until it ends and answers its exit code. One Ctrl-C arrives here up to twice, from the terminal and
 * passed on by npm, and must arrive at the agent once: it takes a second one as the wish to end without stopping its
 * tasks. So the agent has a process group of its own and hears of signals only from here.
 */
export function runInForeground(command, args) {
  const agent = spawn(command, args, { detached: true, stdio: ["ignore", "inherit", "inherit"] });
  let last = -Infinity;
  // The terminal that is closed says hangup, which the agent would take as: read your configuration again.
  const passedOn = { SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGTERM" };
  for (const [heard, sent] of Object.entries(passedOn))
    process.on(heard, () => {
      const now = performance.now();
      if (now - last > samePressMs) agent.kill(sent);
      last = now;
    });
  return new Promise((resolve, reject) => {
    agent.on("error", reject);
    agent.on("exit", (code) => {
      resolve(code ?? 1);
    });
  });
}

import { spawnSync } from "node:child_process";

export const say = (text) => {
  process.stdout.write(`${text}\n`);
};

/** Runs a command with its output shown; throws with a clear text when it fails. */
export function run(command, args, options = {}) {
  say(`$ ${[command, ...args].join(" ")}`);
  const result = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  if (result.error) throw new Error(`${command} could not be run: ${result.error.message}`);
  if (result.signal) throw new Error(`${command} was ended by ${result.signal}`);
  if (result.status !== 0) throw new Error(`${command} ended with exit code ${result.status}`);
}

/** Runs a command quietly; answers its output, or undefined when it failed. */
export function tryRun(command, args, options = {}) {
  const result = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });
  return result.status === 0 ? result.stdout : undefined;
}

export const hasCommand = (name) => tryRun("sh", ["-c", `command -v ${name}`]) !== undefined;

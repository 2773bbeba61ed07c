import { type ChildProcess, spawn } from "node:child_process";
import { expect, test } from "vitest";
import { until } from "../support/until.ts";

const module = new URL("../../scripts/setup/foreground.mjs", import.meta.url).href;
/** Stands in for the agent: tells each signal that reaches it, and ends a while after the first. */
const agent = `
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(name, () => { console.log(name); setTimeout(() => process.exit(7), 300); });
  console.log("started");
  setInterval(() => {}, 1000);
`;
const starter = `
  import { runInForeground } from ${JSON.stringify(module)};
  process.exitCode = await runInForeground(process.execPath, ["-e", ${JSON.stringify(agent)}]);
`;

test.each([
  ["SIGINT", "SIGINT"],
  ["SIGTERM", "SIGTERM"],
  ["SIGHUP", "SIGTERM"],
] as const)(
  "%s to everybody at the terminal, and once more from npm, is one %s to the agent",
  async (heard, told) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", starter], {
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const printed = outputOf(child);
    const ended = new Promise<number | null>((resolve) => {
      child.on("close", resolve);
    });
    await until("the agent to run", () => printed().includes("started"));
    const { pid } = child;
    if (pid === undefined) throw new Error("the starter has no pid");
    process.kill(-pid, heard);
    process.kill(pid, heard);
    expect(await ended).toBe(7);
    expect(printed()).toBe(`started\n${told}\n`);
  },
);

function outputOf(child: ChildProcess): () => string {
  let printed = "";
  child.stdout?.on("data", (part: Buffer) => {
    printed += part.toString();
  });
  return () => printed;
}

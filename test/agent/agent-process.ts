import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unmountSecrets } from "../../src/node/secrets-mount.ts";
import { until } from "../support/until.ts";

const preload = new URL("../support/typescript-in-threads.mjs", import.meta.url).href;
const program = new URL("../../src/main.ts", import.meta.url).pathname;

export interface AgentHome {
  readonly dir: string;
  /** Writes a file below the home and answers its path. */
  write(name: string, text: string): string;
  /** Starts `nomad agent` with these words, as a person would. */
  start(...words: readonly string[]): RunningAgent;
  /** Ends every process that is left, and removes the folder. */
  close(): Promise<void>;
}
export interface RunningAgent {
  readonly pid: number;
  readonly out: () => string;
  readonly error: () => string;
  readonly ended: Promise<number | null>;
  says(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

/** A folder with agents of its own: no Docker, no job folder, nothing shared with an agent of this machine. */
export function agentHome(): AgentHome {
  const dir = mkdtempSync(join(tmpdir(), "agent-"));
  const agents: { readonly child: ChildProcess; readonly ended: Promise<number | null> }[] = [];
  return {
    dir,
    write(name, text) {
      const path = join(dir, name);
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    start(...words) {
      const child = spawn(process.execPath, ["--import", preload, program, "agent", ...words], {
        env: { ...process.env, TYPESCRIPT_IN_MAIN: "1", DOCKER_HOST: "unix:///nonexistent" },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let out = "";
      let error = "";
      child.stdout.on("data", (part: Buffer) => (out += part.toString()));
      child.stderr.on("data", (part: Buffer) => (error += part.toString()));
      const ended = new Promise<number | null>((resolve) => {
        child.on("close", (code) => {
          resolve(code);
        });
      });
      agents.push({ child, ended });
      return {
        pid: child.pid ?? 0,
        out: () => out,
        error: () => error,
        ended,
        async says(text) {
          await until(`the agent says ${text}`, () => `${out}${error}`.includes(text));
        },
        signal: (name) => void child.kill(name),
      };
    },
    async close() {
      for (const { child } of agents) if (child.exitCode === null) child.kill("SIGKILL");
      await Promise.all(agents.map(({ ended }) => ended));
      unmountSecrets(dir);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const { server, port } = await takePort();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Holds a port for as long as the server is open. */
export function takePort(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve({ server, port: typeof address === "object" ? (address?.port ?? 0) : 0 });
    });
  });
}

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { unmountSecrets } from "../../src/node/secrets-mount.ts";
import { until } from "./until.ts";

/** A real agent process on ports and folders of its own. */
export interface LiveAgent {
  readonly address: string;
  readonly dir: string;
  readonly jobsDir: string;
  nodeId(): string;
  /** Everything it has printed so far, over all its lives. */
  output(): string;
  get<T>(path: string): Promise<T>;
  send(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }>;
  /** `under`: a program and its words that run the agent in their place. */
  start(env?: { readonly [name: string]: string }, under?: readonly string[]): Promise<void>;
  pid(): number;
  /** Sends a signal and waits for the end; answers the exit code, null when a signal ended it. */
  stop(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): Promise<number | null>;
  /** Resolves with the signal, or null, when the process has ended by itself. */
  ended(): Promise<NodeJS.Signals | null>;
  isRunning(): boolean;
  /** Ends it, removes its containers and its folders. */
  cleanUp(): Promise<void>;
}
export interface LiveAgentOptions {
  readonly dev: boolean;
  /** More configuration text. */
  readonly config?: string;
  readonly env?: { readonly [name: string]: string };
  /** Configuration files instead of the usual one; only folders and ports come beside them. */
  readonly configFiles?: readonly string[];
}

const main = new URL("../../dist/main.js", import.meta.url).pathname;
export const docker = new Docker();

export async function liveAgent(options: LiveAgentOptions): Promise<LiveAgent> {
  const dir = mkdtempSync(join(tmpdir(), "live-agent-"));
  const jobsDir = join(dir, "jobs");
  mkdirSync(jobsDir);
  const ports = await freePorts(3);
  const [http = 0] = ports;
  writeFileSync(join(dir, "agent.hcl"), configText(dir, jobsDir, ports, options));
  const files = [...(options.configFiles ?? []), join(dir, "agent.hcl")];
  const address = `http://127.0.0.1:${http}`;
  let child: ChildProcess | undefined;
  let ending: Promise<number | null> = Promise.resolve(null);
  let printed = "";
  let nodeId = "";
  const agent: LiveAgent = {
    address,
    dir,
    jobsDir,
    nodeId: () => nodeId,
    pid: () => child?.pid ?? 0,
    output: () => printed,
    isRunning: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    async get<T>(path: string) {
      const answer = await fetch(`${address}${path}`);
      if (answer.status !== 200)
        throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async send(method, path, body) {
      const answer = await fetch(`${address}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, text: await answer.text() };
    },
    async start(env = {}, under = []) {
      const flags = options.dev ? ["-dev"] : [];
      const words = [main, "agent", ...flags, ...files.map((file) => `-config=${file}`)];
      const [program = process.execPath, ...rest] = [...under, process.execPath, ...words];
      child = spawn(program, rest, {
        env: { ...process.env, ...options.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const started = child;
      ending = new Promise((resolve) => {
        started.once("exit", (code) => {
          resolve(code);
        });
      });
      for (const stream of [child.stdout, child.stderr])
        stream?.on("data", (data: Buffer) => {
          printed += data.toString();
        });
      await until("the agent's node to be ready", async () => {
        if (!agent.isRunning())
          throw new Error(`the agent ended at its start:\n${printed.slice(-3000)}`);
        const nodes = await agent
          .get<{ ID: string; Status: string }[]>("/v1/nodes")
          .catch(() => []);
        nodeId = nodes[0]?.ID ?? nodeId;
        return nodes.some((node) => node.Status === "ready");
      });
    },
    async stop(signal) {
      if (agent.isRunning()) child?.kill(signal);
      return ending;
    },
    async ended() {
      await ending;
      return child?.signalCode ?? null;
    },
    async cleanUp() {
      await agent.stop("SIGKILL");
      for (const container of await containersOf(agent)) await removeContainer(container.id);
      killStrays(dir);
      unmountSecrets(dir);
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return agent;
}

function configText(
  dir: string,
  jobsDir: string,
  ports: readonly number[],
  options: LiveAgentOptions,
): string {
  const [http, rpc, serf] = ports;
  if (options.configFiles !== undefined) {
    return `
data_dir = "${dir}/data"
ports { http = ${http}  rpc = ${rpc}  serf = ${serf} }
jobs { enabled = false }
`;
  }
  return `
data_dir  = "${dir}/data"
bind_addr = "127.0.0.1"
name      = "live"
advertise { http = "127.0.0.1"  rpc = "127.0.0.1"  serf = "127.0.0.1" }
ports { http = ${http}  rpc = ${rpc}  serf = ${serf} }
server { enabled = true  bootstrap_expect = 1 }
client {
  enabled           = true
  network_interface = "lo"
  memory_total_mb   = 8192
  cpu_total_compute = 8000
}
plugin "raw_exec" { config { enabled = true } }
jobs { dir = "${jobsDir}"  rescan = "5s"  delete_grace = "1s" }
${options.config ?? ""}
`;
}

export interface LiveContainer {
  readonly id: string;
  readonly name: string;
  readonly startedAt: string;
  readonly isRunning: boolean;
}

/** The agent's own containers, by its node's label. */
export async function containersOf(agent: LiveAgent): Promise<readonly LiveContainer[]> {
  if (agent.nodeId() === "") return [];
  const found = await docker.listContainers({
    all: true,
    filters: { label: [`io.nomad-ts.node=${agent.nodeId()}`] },
  });
  const seen = await Promise.all(
    found.map(async ({ Id }): Promise<LiveContainer | undefined> => {
      const info = await docker
        .getContainer(Id)
        .inspect()
        .catch(() => undefined);
      if (info === undefined) return undefined;
      const { Name, State } = info;
      return { id: Id, name: Name.slice(1), startedAt: State.StartedAt, isRunning: State.Running };
    }),
  );
  return seen.filter((one) => one !== undefined).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export const runningContainers = async (agent: LiveAgent): Promise<readonly LiveContainer[]> =>
  (await containersOf(agent)).filter((one) => one.isRunning);

async function removeContainer(id: string): Promise<void> {
  try {
    await docker.getContainer(id).remove({ force: true });
  } catch {
    // Gone already, or going: either is what is wanted.
  }
}

/** Tasks of raw_exec outlive their agent: their wrappers are named by this agent's folder. */
function killStrays(dir: string): void {
  for (const pid of pidsWithFolder(dir)) {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // Ended in between.
    }
  }
}

function pidsWithFolder(dir: string): readonly number[] {
  const { stdout } = spawnSync("sh", ["-c", `grep -lsF "${dir}" /proc/[0-9]*/cmdline`], {
    encoding: "utf8",
  });
  return stdout
    .split("\n")
    .map((path) => Number(/^\/proc\/(\d+)\//.exec(path)?.[1] ?? 0))
    .filter((pid) => pid > 1 && leadsGroup(pid));
}

function leadsGroup(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]) === pid;
  } catch {
    return false;
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer();
          server.listen(0, "127.0.0.1", () => {
            resolve(server);
          });
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { until } from "./until.ts";

/**
 * A Docker Engine of its own beside the machine's, to be stopped, killed and frozen. It has its own bridge and makes
 * no firewall rules: an engine without a bridge deletes the other one's, and one with rules clears the other one's chains.
 */
export interface PrivateEngine {
  readonly socket: string;
  readonly docker: Docker;
  /** Resolves when it answers. */
  start(options?: { readonly liveRestore?: boolean }): Promise<void>;
  /** As `systemctl stop` does it. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** SIGSTOP: connections are accepted, and nothing is answered. */
  freeze(): void;
  thaw(): void;
  /** What it has printed. */
  output(): string;
  cleanUp(): Promise<void>;
}

let serial = 0;

export async function privateEngine(image: string): Promise<PrivateEngine> {
  const dir = mkdtempSync(join(tmpdir(), "private-dockerd-"));
  const number = (process.pid + serial++) % 250;
  const bridge = `nmt${process.pid % 1_000_000}x${serial}`;
  const socket = join(dir, "docker.sock");
  const docker = new Docker({ socketPath: socket, host: "", protocol: "http" });
  ip("link", "add", bridge, "type", "bridge");
  ip("addr", "add", `10.231.${number}.1/24`, "dev", bridge);
  ip("link", "set", bridge, "up");
  let child: ChildProcess | undefined;
  let printed = "";
  const isAlive = (): boolean =>
    child !== undefined && child.exitCode === null && child.signalCode === null;
  const ended = (): Promise<unknown> =>
    until("the private engine to end", () => !isAlive(), { timeoutMs: 60_000 });
  const send = (signal: NodeJS.Signals): void => {
    if (isAlive()) child?.kill(signal);
  };
  const engine: PrivateEngine = {
    socket,
    docker,
    output: () => printed,
    async start({ liveRestore = false } = {}) {
      // What a killed one leaves makes the next one refuse, or wait for a process that is another one by now.
      rmSync(join(dir, "docker.pid"), { force: true });
      rmSync(join(dir, "exec/containerd/containerd.pid"), { force: true });
      const words = [
        `--data-root=${join(dir, "data")}`,
        `--exec-root=${join(dir, "exec")}`,
        `--pidfile=${join(dir, "docker.pid")}`,
        `--host=unix://${socket}`,
        `--bridge=${bridge}`,
        "--iptables=false",
        "--ip-masq=false",
        ...(liveRestore ? ["--live-restore"] : []),
      ];
      const started = spawn("dockerd", words, { stdio: ["ignore", "pipe", "pipe"] });
      child = started;
      for (const stream of [started.stdout, started.stderr])
        stream.on("data", (data: Buffer) => {
          printed += data.toString();
        });
      await until(
        "the private engine to answer",
        async () => {
          if (!isAlive()) throw new Error(`the private engine ended:\n${printed.slice(-2000)}`);
          return docker.ping().catch(() => undefined);
        },
        { timeoutMs: 60_000 },
      );
    },
    async stop() {
      send("SIGTERM");
      await ended();
    },
    async kill() {
      send("SIGKILL");
      await ended();
    },
    freeze: () => send("SIGSTOP"),
    thaw: () => send("SIGCONT"),
    async cleanUp() {
      engine.thaw();
      try {
        // Also after a kill: only an engine can take away what the last one left running.
        if (!isAlive()) await engine.start({ liveRestore: true });
        const left = await docker.listContainers({ all: true });
        await Promise.all(left.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
        await engine.stop();
      } finally {
        send("SIGKILL");
        for (const path of mountsUnder(dir)) execFileSync("umount", ["-l", path]);
        rmSync(dir, { recursive: true, force: true });
        ip("link", "del", bridge);
      }
    },
  };
  try {
    await engine.start();
    await copyImage(image, docker);
  } catch (thrown) {
    await engine.cleanUp();
    throw thrown;
  }
  return engine;
}

const ip = (...words: readonly string[]): string =>
  execFileSync("ip", [...words], { encoding: "utf8" });

/** From the machine's own engine: there may be no registry. */
async function copyImage(image: string, to: Docker): Promise<void> {
  const archive = await new Docker().getImage(image).get();
  const answer = await to.loadImage(archive, { quiet: true });
  await new Promise((resolve, reject) => {
    answer.on("error", reject).on("end", resolve).resume();
  });
  await to.getImage(image).inspect();
}

/** The innermost first. */
const mountsUnder = (dir: string): readonly string[] =>
  readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((path) => path.startsWith(`${dir}/`))
    .toReversed();

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type Clock, sleep } from "../../lib/clock.ts";
import { AppError, codeOf } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import type { ExecRequest } from "../port.ts";
import { type Channel, createChannel } from "../../lib/channel.ts";
import { shellLine, shellWord } from "./shell-words.ts";
import { missingTools, type Tools } from "./tools.ts";
import type { CommandSession } from "../../lib/command-session.ts";

export interface SessionPlan {
  readonly clock: Clock;
  readonly log: Logger;
  readonly tools: Tools;
  /** Words before the command that bring it to its place, and those that make it the right user. */
  readonly enter: readonly string[];
  readonly become: readonly string[];
  /** The place has process numbers of its own, in which the terminal's session would be nobody's. */
  readonly hasOwnPids: boolean;
  readonly cgroups: readonly string[];
  readonly env: { readonly [name: string]: string };
  readonly cwd: string;
}
type Piece = { readonly stream: "stdout" | "stderr"; readonly data: Uint8Array };
interface Terminal {
  readonly pid: number;
  readonly path: string;
}

/** How long output may still come when the command is gone but somebody it left behind holds its pipe. */
const quietMs = 250;

/** Runs a command beside a task. With a terminal, script(1) holds the other end of it. */
export async function openSession(
  plan: SessionPlan,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<CommandSession> {
  if (request.command.length === 0) throw new AppError("invalid", "no command to run");
  const child = request.tty ? spawnOnTerminal(plan, request) : spawnOnPipes(plan, request);
  const { stdin, stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the command was started without pipes");
  // A command that ended takes no input any more, and whoever types cannot know it yet.
  stdin?.on("error", (error) => {
    plan.log.debug({ error: error.message }, "input of an ended command is dropped");
  });
  const exit = exitOf(child);
  const channel = createChannel<Piece>();
  let terminal: Terminal | undefined;
  const close = (): void => {
    if (child.exitCode === null && child.signalCode === null)
      for (const leader of [...childrenOf(terminal?.pid), terminal?.pid, child.pid])
        killGroup(leader);
    channel.close();
  };
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) close();
  void passOn(plan.clock, channel, [stdout, stderr], exit).finally(() => {
    signal.removeEventListener("abort", close);
  });
  if (request.tty) terminal = await terminalOf(child, exit);
  return {
    write: (data) => {
      if (stdin?.writable === true) stdin.write(data);
    },
    endInput: () => {
      stdin?.end();
    },
    resize: (columns, rows) => {
      if (terminal !== undefined) resize(plan, terminal, columns, rows);
    },
    output: channel.items,
    exit,
    close,
  };
}

function spawnOnPipes(plan: SessionPlan, request: ExecRequest): ChildProcess {
  const lines = [
    ...joinLines(plan),
    `exec ${shellLine([...plan.enter, ...plan.become, ...request.command])}`,
  ];
  return spawn("/bin/sh", ["-c", lines.join("\n")], {
    cwd: plan.cwd,
    env: { ...plan.env, ...request.env },
    detached: true,
    stdio: "pipe",
  });
}

function spawnOnTerminal(plan: SessionPlan, request: ExecRequest): ChildProcess {
  const { script, tty, setsid } = plan.tools;
  const missing = missingTools(plan.tools, ["script", "stty", "tty", "setsid"]);
  if (script === undefined || tty === undefined || setsid === undefined || missing.length > 0)
    throw new AppError("driver", `no terminal without ${missing.join(", ")} on this node`);
  const env: { readonly [name: string]: string } = {
    TERM: "xterm",
    ...plan.env,
    ...request.env,
  };
  const shell = env["SHELL"];
  // A shell looks up who leads the terminal, and gives up when it has no number for it.
  const lead = plan.hasOwnPids ? [setsid, "--ctty"] : [];
  const lines = [
    `echo "$$ $(${shellWord(tty)})" >&3`,
    "exec 3>&-",
    ...joinLines(plan),
    // script(1) takes its shell from this name; the command gets what it should have.
    shell === undefined ? "unset SHELL" : `SHELL=${shellWord(shell)}`,
    `exec ${shellLine([...plan.enter, ...lead, ...plan.become, ...request.command])}`,
  ];
  const args = ["-q", "-e", "-f", "-E", "always", "-c", lines.join("\n"), "/dev/null"];
  return spawn(script, args, {
    cwd: plan.cwd,
    env: { ...env, SHELL: "/bin/sh" },
    detached: true,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
}

const joinLines = (plan: SessionPlan): readonly string[] =>
  plan.cgroups.map((path) => `echo 0 >${shellWord(join(path, "cgroup.procs"))} || exit 1`);

function exitOf(child: ChildProcess): Promise<number> {
  const exit = new Promise<number>((resolve, reject) => {
    child.once("error", (error) => {
      reject(new AppError("driver", "the command could not be run", { cause: error }));
    });
    child.once("exit", (code, name) => {
      resolve(code ?? 128 + (name === null ? 0 : constants.signals[name]));
    });
  });
  // Somebody who only reads the output learns of it there; nobody may end the agent by not asking.
  exit.catch(() => undefined);
  return exit;
}

/** Passes everything on, then closes. A process that the command left behind does not hold the reader. */
async function passOn(
  clock: Clock,
  channel: Channel<Piece>,
  [stdout, stderr]: readonly [Readable, Readable],
  exit: Promise<number>,
): Promise<void> {
  const progress = { passed: 0, waiting: 0 };
  const pump = async (stream: Piece["stream"], from: Readable): Promise<void> => {
    for await (const data of from) {
      progress.waiting += 1;
      await channel.put({ stream, data: data as Buffer });
      progress.waiting -= 1;
      progress.passed += 1;
    }
  };
  const pumps = Promise.allSettled([pump("stdout", stdout), pump("stderr", stderr)]);
  await Promise.allSettled([exit]);
  for (;;) {
    const before = progress.passed;
    const isDone = await Promise.race([
      pumps.then(() => true),
      sleep(clock, quietMs).then(() => false),
    ]);
    if (isDone || (progress.waiting === 0 && progress.passed === before)) break;
  }
  stdout.destroy();
  stderr.destroy();
  await pumps;
  channel.close();
}

/** The first line on the extra pipe: who leads the terminal's session, and which terminal it is. */
function terminalOf(child: ChildProcess, exit: Promise<number>): Promise<Terminal | undefined> {
  const told = child.stdio[3] as Readable;
  return new Promise((resolve) => {
    let heard = "";
    told.on("data", (data: Buffer) => {
      heard += data.toString();
      const match = /^(\d+) (\/dev\/\S+)\n/.exec(heard);
      if (match?.[2] !== undefined) resolve({ pid: Number(match[1]), path: match[2] });
    });
    const none = (): void => {
      resolve(undefined);
    };
    exit.then(none, none);
  });
}

function resize(plan: SessionPlan, terminal: Terminal, columns: number, rows: number): void {
  const { stty } = plan.tools;
  const isSize = (size: number): boolean => Number.isInteger(size) && size > 0 && size < 65_536;
  if (stty === undefined || !isSize(columns) || !isSize(rows)) return;
  const args = ["-F", terminal.path, "cols", String(columns), "rows", String(rows)];
  execFile(stty, args, (error) => {
    if (error) plan.log.debug({ error: error.message }, "a terminal was not resized");
  });
}

/** Whoever came out on the other side of nsenter(1) leads a group of its own. */
function childrenOf(pid: number | undefined): readonly number[] {
  if (pid === undefined) return [];
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text
      .split(" ")
      .filter((one) => one !== "")
      .map(Number);
  } catch {
    // Gone already, or a kernel without this list: the hang-up of the terminal then ends them.
    return [];
  }
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch (thrown) {
    if (codeOf(thrown) !== "ESRCH") throw thrown;
  }
}

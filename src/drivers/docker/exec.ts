import { readFileSync } from "node:fs";
import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import { type Clock, sleep } from "../../lib/clock.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import { type Channel, createChannel } from "../../lib/channel.ts";
import type { ExecRequest } from "../port.ts";
import { type Engine, statusOf } from "./engine.ts";
import { frames } from "./frames.ts";
import { inspectContainer } from "./inspect.ts";
import type { CommandSession } from "../../lib/command-session.ts";

export interface ExecTools {
  readonly clock: Clock;
  readonly log: Logger;
  readonly engine: Engine;
}
type Piece = { readonly stream: "stdout" | "stderr"; readonly data: Uint8Array };

/** How long the engine may need to notice that a command has ended. */
const pollMs = 25;
/** How long output may still come when the command is gone but somebody it left behind holds its pipe. */
const quietMs = 250;

/** Runs a command inside a container of ours; the engine keeps no hand on it, so its end is looked after here. */
export async function execInContainer(
  tools: ExecTools,
  handle: string,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<CommandSession> {
  if (request.command.length === 0) throw new AppError("invalid", "no command to run");
  const { engine } = tools;
  const info = await inspectContainer(engine, handle, signal);
  if (info?.State.Running !== true) throw new AppError("driver", "the task does not run");
  const exec = await engine.ask(
    { place: "docker-exec", what: "prepare a command", signal },
    (abortSignal) =>
      engine.docker.getContainer(info.Id).exec({
        Cmd: [...request.command],
        Env: Object.entries(request.env ?? {}).map(([name, value]) => `${name}=${value}`),
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        Tty: request.tty,
        abortSignal,
      }),
  );
  let stream: Duplex;
  try {
    stream = await engine.ask(
      { place: "docker-exec-start", what: "start a command", signal },
      (abortSignal) => exec.start({ hijack: true, stdin: true, Tty: request.tty, abortSignal }),
    );
  } catch (thrown) {
    const code = statusOf(thrown) === undefined ? undefined : missingCode(errorText(thrown));
    if (code === undefined) throw thrown;
    return endedSession(`${errorText(thrown)}\n`, code);
  }
  return openSession(tools, { exec, stream, containerId: info.Id, request }, signal);
}

/** A program that cannot be run has the codes that a shell gives it. */
function missingCode(text: string): number | undefined {
  if (/executable file not found|no such file or directory/i.test(text)) return 127;
  return /permission denied/i.test(text) ? 126 : undefined;
}

function endedSession(text: string, code: number): CommandSession {
  const channel = createChannel<Piece>();
  void channel.put({ stream: "stderr", data: Buffer.from(text) }).finally(() => {
    channel.close();
  });
  const nothing = (): void => undefined;
  return {
    write: nothing,
    endInput: nothing,
    resize: nothing,
    output: channel.items,
    exit: Promise.resolve(code),
    close: () => {
      channel.close();
    },
  };
}

interface Opened {
  readonly exec: Docker.Exec;
  readonly stream: Duplex;
  readonly containerId: string;
  readonly request: ExecRequest;
}

function openSession(
  tools: ExecTools,
  { exec, stream, containerId, request }: Opened,
  signal: AbortSignal,
): CommandSession {
  const { engine, log } = tools;
  const channel = createChannel<Piece>();
  const ended = exitOf(tools, exec);
  const passed = passOn(tools, { stream, channel, exit: ended, tty: request.tty });
  // The engine says 126 of all that it could not run, and in words what it was.
  const exit = ended.then(async (code) =>
    code === 126 && isEngineWord(await passed) ? (missingCode(await passed) ?? code) : code,
  );
  // Whoever opened the session may have gone before it ended.
  exit.catch((thrown: unknown) => {
    log.debug({ error: errorText(thrown) }, "the end of a command is not known");
  });
  // A command that ended takes no input any more, and whoever types cannot know it yet.
  stream.on("error", (error) => {
    log.debug({ error: error.message }, "the stream of a command broke off");
  });
  const close = (): void => {
    stream.destroy();
    channel.close();
    void endCommand(tools, exec, containerId);
  };
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) close();
  void passed.finally(() => {
    signal.removeEventListener("abort", close);
  });
  return {
    write: (data) => {
      if (stream.writable) stream.write(data);
    },
    endInput: () => {
      stream.end();
    },
    resize: (columns, rows) => {
      if (!request.tty) return;
      engine
        .askUnless(
          [404, 409, 500],
          { place: "docker-exec-resize", what: "resize a terminal", signal },
          (abortSignal) => exec.resize({ w: columns, h: rows, abortSignal }),
        )
        .catch((thrown: unknown) => {
          log.debug({ error: errorText(thrown) }, "a terminal keeps its size");
        });
    },
    output: channel.items,
    exit,
    close,
  };
}

interface Passing {
  readonly stream: Duplex;
  readonly channel: Channel<Piece>;
  readonly exit: Promise<number>;
  readonly tty: boolean;
}

/** Everything that is printed, and in the end how it began. */
async function passOn(
  { clock, log }: ExecTools,
  { stream, channel, exit, tty }: Passing,
): Promise<string> {
  const split = frames();
  const flow = { first: "", isQuiet: true };
  void cutWhenQuiet(clock, stream, exit, flow);
  try {
    for await (const bytes of stream) {
      flow.isQuiet = false;
      const data = bytes as Buffer;
      const pieces = tty ? [{ stream: "stdout", data } as const] : split(data);
      for (const piece of pieces) {
        if (flow.first === "") flow.first = piece.data.toString("utf8");
        // What the engine itself says comes on the wrong stream.
        await channel.put(isEngineWord(flow.first) ? { ...piece, stream: "stderr" } : piece);
      }
      flow.isQuiet = false;
    }
  } catch (thrown) {
    log.debug({ error: errorText(thrown) }, "the output of a command was cut");
  } finally {
    // Whoever waits for the exit code hears of what went wrong with it.
    await exit.catch(() => undefined);
    channel.close();
  }
  return flow.first;
}

const isEngineWord = (text: string): boolean => text.startsWith("OCI runtime exec failed");

/** A command that is gone may have left somebody behind who holds its output open and prints no more. */
async function cutWhenQuiet(
  clock: Clock,
  stream: Duplex,
  exit: Promise<number>,
  flow: { isQuiet: boolean },
): Promise<void> {
  // Whoever waits for the exit code hears of what went wrong with it.
  await exit.catch(() => undefined);
  while (!stream.destroyed) {
    flow.isQuiet = true;
    await sleep(clock, quietMs);
    if (flow.isQuiet) stream.destroy();
  }
}

async function exitOf({ clock, engine }: ExecTools, exec: Docker.Exec): Promise<number> {
  const { signal } = new AbortController();
  for (let waitMs = pollMs; ; waitMs = Math.min(1_000, waitMs * 1.2)) {
    const info = await engine.ask(
      { place: "docker-exec-inspect", what: "inspect a command", signal },
      (abortSignal) => exec.inspect({ abortSignal }),
    );
    if (!info.Running && info.ExitCode !== null) return info.ExitCode;
    await sleep(clock, waitMs);
  }
}

/**
 * The engine has no call for it; its process number is good only while it lies in this very container. The first
 * output may be here before the engine knows that number.
 */
async function endCommand(tools: ExecTools, exec: Docker.Exec, containerId: string): Promise<void> {
  try {
    const pid = await processOf(tools, exec);
    if (pid === undefined) return;
    if (!readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(containerId)) return;
    // Each command leads a session of its own: what it started goes with it.
    process.kill(-pid, "SIGKILL");
  } catch (thrown) {
    tools.log.debug({ error: errorText(thrown) }, "a command could not be ended");
  }
}

async function processOf(
  { clock, engine }: ExecTools,
  exec: Docker.Exec,
): Promise<number | undefined> {
  const { signal } = new AbortController();
  const endMs = clock.monotonicMs() + engine.callTimeoutMs;
  while (clock.monotonicMs() < endMs) {
    const info = await engine.ask(
      { place: "docker-exec-inspect", what: "inspect a command", signal },
      (abortSignal) => exec.inspect({ abortSignal }),
    );
    if (!info.Running && info.ExitCode !== null) return undefined;
    if (info.Pid > 1) return info.Pid;
    await sleep(clock, pollMs);
  }
  return undefined;
}

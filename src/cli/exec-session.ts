import type { TextSocket } from "../lib/system/websocket.ts";
import type { CommandContext } from "./command.ts";
import { escapeReader } from "./core/escape.ts";

export interface SessionOptions {
  readonly tty: boolean;
  readonly escape: string;
  readonly takesInput: boolean;
}

const heartbeatMs = 10_000;
/** What the shell says of a program that a person has left. */
const leftCode = 0;

/** Both directions of a command inside a task, until it has ended; answers its exit code. */
export async function holdSession(
  context: CommandContext,
  socket: TextSocket,
  options: SessionOptions,
): Promise<number> {
  const { ports } = context;
  const send = (frame: object): Promise<void> => socket.send(JSON.stringify(frame));
  const tellSize = (): void => {
    const { columns, rows } = ports.terminal.size();
    void send({ tty_size: { height: rows, width: columns } });
  };
  const undo: (() => void)[] = [];
  try {
    if (options.tty) {
      undo.push(ports.terminal.raw());
      undo.push(ports.terminal.onResize(tellSize));
      tellSize();
    }
    undo.push(beat(context, () => void send({})));
    const ended = readUntilExit(context, socket);
    if (!options.takesInput) {
      void send({ stdin: { close: true } });
      return await ended;
    }
    // Input that cannot be read ends the session; one that is merely over does not.
    const left = new Promise<number>((resolve, reject) => {
      passInput(context, options, send).then((isLeft) => {
        if (isLeft) resolve(leftCode);
        return undefined;
      }, reject);
    });
    return await Promise.race([left, ended]);
  } finally {
    for (const step of undo.reverse()) step();
    socket.close(1000);
    // What is still typed is nobody's any more; an open input would keep the program alive.
    ports.terminal.release();
  }
}

/** A connection that carries nothing may be cut on the way. */
function beat({ ports }: CommandContext, send: () => void): () => void {
  let cancel: () => void = () => undefined;
  const next = (): void => {
    cancel = ports.clock.after(heartbeatMs, () => {
      send();
      next();
    });
  };
  next();
  return () => {
    cancel();
  };
}

/** True when the person typed the way out. */
async function passInput(
  context: CommandContext,
  { tty, escape }: SessionOptions,
  send: (frame: object) => Promise<void>,
): Promise<boolean> {
  const read = escapeReader(tty ? escape : "");
  for await (const chunk of context.streams.stdin) {
    const { data, isLeft } = read(Buffer.from(chunk));
    if (data.length > 0) await send({ stdin: { data: Buffer.from(data).toString("base64") } });
    if (!isLeft) continue;
    context.ui.output("\r\nConnection closed\r");
    return true;
  }
  await send({ stdin: { close: true } });
  return false;
}

interface Frame {
  readonly stdout?: { readonly data?: string };
  readonly stderr?: { readonly data?: string };
  readonly exited?: boolean;
  readonly result?: { readonly exit_code?: number };
}

async function readUntilExit({ ui }: CommandContext, socket: TextSocket): Promise<number> {
  for await (const message of socket.messages) {
    const frame = JSON.parse(message) as Frame;
    if (frame.stdout?.data !== undefined) ui.raw(Buffer.from(frame.stdout.data, "base64"));
    if (frame.stderr?.data !== undefined) ui.rawError(Buffer.from(frame.stderr.data, "base64"));
    if (frame.exited === true) return frame.result?.exit_code ?? 0;
  }
  const { code, reason } = await socket.closed;
  throw new Error(reason || `the connection was lost before the command ended (code ${code})`);
}

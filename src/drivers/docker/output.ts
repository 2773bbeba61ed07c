import { Readable } from "node:stream";
import type Docker from "dockerode";
import { type Clock, sleep } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import type { LogChunk } from "../port.ts";
import { type Engine, engineError } from "./engine.ts";
import { framedEntries, type LogEntry, stampLength, terminalEntries } from "./log-entries.ts";
import { openLiveLog } from "./live-log.ts";
import { LogPosition } from "./log-position.ts";

/** The engine closes the log of an ended task a moment before it says that the task ended. */
const endedWithinMs = 2_000;
const lookEveryMs = 50;
/** A connection that died without a word looks like a quiet task, so a quiet one is asked after now and then. */
const quietMs = 30_000;
/** The engine sends each line by itself: what a busy task adds meanwhile is taken in one piece. */
const gatherMs = 10;
/** About half of what waits in a socket. */
const fullPiece = 16 * 1024;

export interface OutputRequest {
  readonly handle: string;
  readonly cursor: string | null;
  readonly signal: AbortSignal;
}

/**
 * Follows a container's log. Its end alone says nothing: when the container has ended too, the log is read once more
 * from where we are, so that nothing written at the very end is missed; otherwise the connection was lost, which the
 * caller learns as `driver-unreachable` and continues from its cursor.
 */
export async function* readOutput(
  clock: Clock,
  engine: Engine,
  request: OutputRequest,
): AsyncIterable<LogChunk> {
  const { handle, signal } = request;
  const position = new LogPosition(request.cursor);
  const container = engine.docker.getContainer(handle);
  const look = (): Promise<Docker.ContainerInspectInfo | undefined> =>
    engine.askUnless(
      [404],
      { place: "docker-inspect", what: "inspect a container", signal },
      (abortSignal) => container.inspect({ abortSignal }),
    );
  try {
    let info = await look();
    while (info !== undefined) {
      const wasRunning = isAlive(info);
      position.rewind();
      const since = { handle, sinceSeconds: position.sinceSeconds(), signal };
      const stream = wasRunning
        ? await openLive(engine, since)
        : await openWhole(engine, container, since);
      if (stream === undefined) return;
      const parser = info.Config.Tty ? terminalEntries() : framedEntries();
      for await (const bytes of piecesOf(clock, stream, { signal, look }))
        yield* newChunks(parser.feed(bytes), position);
      if (!wasRunning) {
        yield* newChunks(parser.end(), position);
        return;
      }
      info = await lookUntilEnded(clock, look, signal);
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}

const isAlive = ({ State }: Docker.ContainerInspectInfo): boolean =>
  State.Running || State.Status === "created";

interface LogSince {
  readonly handle: string;
  readonly sinceSeconds: number;
  readonly signal: AbortSignal;
}
const what = "read a container's output";
const place = "docker-logs";

/** As `openWhole`; a loss of the connection may look like the end of the log. */
async function openLive(engine: Engine, since: LogSince): Promise<Readable | undefined> {
  const { socketPath } = engine;
  if (socketPath === undefined)
    return openWhole(engine, engine.docker.getContainer(since.handle), since);
  const { handle: containerId, sinceSeconds } = since;
  try {
    return await engine.askUnless([404], { place, what, signal: since.signal }, (signal) =>
      openLiveLog({ socketPath, containerId, sinceSeconds, signal }),
    );
  } catch (thrown) {
    return undefinedIfUnkept(thrown);
  }
}

/** Undefined when there is nothing to read: the container is gone, or its log driver keeps nothing. */
async function openWhole(
  engine: Engine,
  container: Docker.Container,
  { sinceSeconds, signal }: LogSince,
): Promise<Readable | undefined> {
  try {
    // Always followed, also when the container has ended: the library keeps a log that is not followed in memory.
    const stream = await engine.askUnless([404], { place, what, signal }, (abortSignal) =>
      container.logs({
        abortSignal,
        follow: true,
        stdout: true,
        stderr: true,
        timestamps: true,
        since: sinceSeconds,
      }),
    );
    // The library promises less than Node's own stream, and answers nothing else to a call that follows.
    if (stream !== undefined && !(stream instanceof Readable))
      throw new TypeError("the engine's output is no stream");
    return stream;
  } catch (thrown) {
    return undefinedIfUnkept(thrown);
  }
}

function undefinedIfUnkept(thrown: unknown): undefined {
  if (thrown instanceof AppError && /does not support reading/.test(thrown.message))
    return undefined;
  throw thrown;
}

/** The bytes of the stream as they come; a connection that breaks or dies unnoticed throws. */
async function* piecesOf(
  clock: Clock,
  stream: Readable,
  { signal, look }: { readonly signal: AbortSignal; readonly look: () => Promise<unknown> },
): AsyncIterable<Buffer> {
  const stop = (): void => {
    stream.destroy();
  };
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  let broken: unknown;
  let isQuiet = false;
  let cancel = (): void => undefined;
  const listen = (): void => {
    cancel();
    cancel = clock.after(quietMs, () => {
      if (!isQuiet) void askAfter();
    });
  };
  const askAfter = async (): Promise<void> => {
    isQuiet = true;
    try {
      await look();
      isQuiet = false;
      if (!stream.destroyed) listen();
    } catch (thrown) {
      broken = thrown;
      stop();
    }
  };
  try {
    listen();
    for await (const bytes of stream) {
      yield bytes as Buffer;
      listen();
      if ((bytes as Buffer).length < fullPiece) await sleep(clock, gatherMs);
    }
  } catch (thrown) {
    throw engineError(what, broken ?? thrown);
  } finally {
    cancel();
    signal.removeEventListener("abort", stop);
    stop();
  }
}

async function lookUntilEnded(
  clock: Clock,
  look: () => Promise<Docker.ContainerInspectInfo | undefined>,
  signal: AbortSignal,
): Promise<Docker.ContainerInspectInfo | undefined> {
  const end = clock.monotonicMs() + endedWithinMs;
  for (;;) {
    const info = await look();
    if (info === undefined || !isAlive(info)) return info;
    if (clock.monotonicMs() >= end)
      throw new AppError(
        "driver-unreachable",
        "the connection to a running task's output was lost",
      );
    await sleep(clock, lookEveryMs, signal);
  }
}

/** New entries only; neighbours of one stream travel together. */
function* newChunks(entries: readonly LogEntry[], position: LogPosition): Generator<LogChunk> {
  let run: LogEntry[] = [];
  for (const entry of entries) {
    const [first] = run;
    if (first !== undefined && first.stream !== entry.stream) {
      yield joined(first.stream, run, position);
      run = [];
    }
    if (position.accept(entry)) run.push(entry);
  }
  const [first] = run;
  if (first !== undefined) yield joined(first.stream, run, position);
}

function joined(
  stream: LogEntry["stream"],
  entries: readonly LogEntry[],
  position: LogPosition,
): LogChunk {
  const lengths = entries.map(({ start, end }) => Math.max(0, end - start - stampLength));
  const data = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const { bytes, start, end } of entries)
    at += bytes.copy(data, at, Math.min(end, start + stampLength), end);
  return { stream, data, cursor: position.cursor() };
}

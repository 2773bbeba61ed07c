import { Readable } from "node:stream";
import type Docker from "dockerode";
import { type Clock, sleep } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import type { LogChunk } from "../port.ts";
import { type Engine, engineError } from "./engine.ts";
import { framedEntries, type LogEntry, terminalEntries } from "./log-entries.ts";
import { LogPosition } from "./log-position.ts";

/** The engine closes the log of an ended task a moment before it says that the task ended. */
const endedWithinMs = 2_000;
const lookEveryMs = 50;
/** A connection that died without a word looks like a quiet task, so a quiet one is asked after now and then. */
const quietMs = 30_000;

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
      const stream = await openLog(engine, container, { position, signal });
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

/** Undefined when there is nothing to read: the container is gone, or its log driver keeps nothing. */
async function openLog(
  engine: Engine,
  container: Docker.Container,
  { position, signal }: { readonly position: LogPosition; readonly signal: AbortSignal },
): Promise<Readable | undefined> {
  const call = { place: "docker-logs" as const, what: "read a container's output", signal };
  try {
    // Always followed, also when the container has ended: the library keeps a log that is not followed in memory.
    const stream = await engine.askUnless([404], call, (abortSignal) =>
      container.logs({
        abortSignal,
        follow: true,
        stdout: true,
        stderr: true,
        timestamps: true,
        since: position.sinceSeconds(),
      }),
    );
    // The library promises less than Node's own stream, and answers nothing else to a call that follows.
    if (stream !== undefined && !(stream instanceof Readable))
      throw new TypeError("the engine's output is no stream");
    return stream;
  } catch (thrown) {
    if (thrown instanceof AppError && /does not support reading/.test(thrown.message))
      return undefined;
    throw thrown;
  }
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
    }
  } catch (thrown) {
    throw engineError("read a container's output", broken ?? thrown);
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
  let run:
    | { readonly stream: LogEntry["stream"]; readonly parts: Buffer[]; cursor: string }
    | undefined;
  for (const entry of entries) {
    if (run && run.stream !== entry.stream) {
      yield { stream: run.stream, data: Buffer.concat(run.parts), cursor: run.cursor };
      run = undefined;
    }
    if (!position.accept(entry)) continue;
    run ??= { stream: entry.stream, parts: [], cursor: "" };
    run.parts.push(entry.data);
    run.cursor = position.cursor();
  }
  if (run) yield { stream: run.stream, data: Buffer.concat(run.parts), cursor: run.cursor };
}

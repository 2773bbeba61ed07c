import { createPaint, type Paint } from "./core/paint.ts";

/** What a stream of a command must offer; node's own streams do. */
export interface OutputStream {
  write(text: string | Uint8Array): unknown;
  readonly isTTY?: boolean;
  on?(event: "error", listener: (error: Error) => void): unknown;
  once?(event: "drain", listener: () => void): unknown;
}
export interface InputStream extends AsyncIterable<Buffer | string> {
  readonly isTTY?: boolean;
}
export interface CliStreams {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** Where words go: data to stdout; errors, warnings and hints to stderr. */
export interface Ui {
  /** Paints inline parts of stdout's text. */
  readonly paint: Paint;
  /** Paints what goes to stderr; undefined where no person reads it. */
  readonly errorPaint: Paint | undefined;
  readonly interactive: boolean;
  output(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** Bytes to stdout as they are, without a line end. */
  raw(bytes: string | Uint8Array): void;
  rawError(bytes: string | Uint8Array): void;
  /** As `raw`, and resolves when the reader has room for more; false when nobody reads any more. */
  flow(bytes: Uint8Array, to?: "stdout" | "stderr"): Promise<boolean>;
}

export function createUi(
  streams: CliStreams,
  color: { readonly forced: boolean; readonly off: boolean },
): Ui {
  const { stdout, stderr } = streams;
  const unread = new Set<OutputStream>();
  const waiting = new Map<OutputStream, () => void>();
  for (const stream of [stdout, stderr])
    stream.on?.("error", (error) => {
      // The reader went away, as `head` does: nobody is left to be told.
      if (!("code" in error) || error.code !== "EPIPE") throw error;
      unread.add(stream);
      waiting.get(stream)?.();
    });
  const flowTo = async (stream: OutputStream, bytes: Uint8Array): Promise<boolean> => {
    if (unread.has(stream)) return false;
    if (stream.write(bytes) !== false || !("once" in stream)) return true;
    await new Promise<void>((resolve) => {
      waiting.set(stream, resolve);
      stream.once?.("drain", resolve);
    });
    waiting.delete(stream);
    return !unread.has(stream);
  };
  const colorful = !color.off && (color.forced || stdout.isTTY === true);
  // Whole lines are painted only on a terminal, even when colours are forced.
  const onOut = createPaint(colorful && stdout.isTTY === true);
  const onError = createPaint(colorful && stderr.isTTY === true);
  return {
    paint: createPaint(colorful),
    errorPaint: color.forced || stderr.isTTY === true ? createPaint(!color.off) : undefined,
    interactive: stdout.isTTY === true && streams.stdin.isTTY === true,
    output: (text) => void stdout.write(`${text}\n`),
    info: (text) => void stdout.write(`${onOut.green(text)}\n`),
    warn: (text) => void stderr.write(`${onError.yellow(text)}\n`),
    error: (text) => void stderr.write(`${onError.red(text)}\n`),
    raw: (bytes) => void stdout.write(bytes),
    rawError: (bytes) => void stderr.write(bytes),
    flow: (bytes, to = "stdout") => flowTo(to === "stdout" ? stdout : stderr, bytes),
  };
}

/** Colour switches count wherever they stand in the line, as they are written and not by their value. */
export function colorChoice(
  args: readonly string[],
  env: { readonly [name: string]: string | undefined },
): { readonly forced: boolean; readonly off: boolean } {
  const says = (name: string): boolean => args.includes(`-${name}`) || args.includes(`--${name}`);
  const forced = says("force-color") || Boolean(env["NOMAD_CLI_FORCE_COLOR"]);
  return {
    forced,
    off:
      says("no-color") ||
      Boolean(env["NOMAD_CLI_NO_COLOR"]) ||
      // The switch of all programs; our own, which asks for colours, is more precise.
      (Boolean(env["NO_COLOR"]) && !forced),
  };
}

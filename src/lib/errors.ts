/**
 * An operating error that somebody may handle by its code. User mistakes are `Diagnostic` values instead,
 * programmer errors are plain asserts.
 */
export type ErrorCode =
  | "not-found"
  | "invalid"
  | "conflict"
  | "no-leader"
  | "not-leader"
  | "unavailable"
  | "timeout"
  | "storage"
  | "driver"
  | "driver-unreachable"
  | "image"
  | "cancelled"
  | "unsupported";

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly fields?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.fields = options.fields ?? {};
  }
}

/**
 * How loudly a failure is told that will be tried again. That an engine is out of reach is said once, by whoever asks
 * for its health; every task and every sweep saying it at each try would bury what else there is to read.
 */
export const retryLevel = (thrown: unknown): "debug" | "warn" =>
  thrown instanceof AppError && thrown.code === "driver-unreachable" ? "debug" : "warn";

/** The text of anything thrown, with its chain of causes. */
export function errorText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause === undefined
    ? thrown.message
    : `${thrown.message}: ${errorText(thrown.cause)}`;
}

/** The code of a failed call of the system, such as `EXDEV`; empty where it has none. */
export function codeOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return "";
  return typeof thrown.code === "string" ? thrown.code : "";
}

/** Nothing is there under the name, and nothing could be. */
export const isMissing = (thrown: unknown): boolean =>
  codeOf(thrown) === "ENOENT" || codeOf(thrown) === "ENOTDIR";

export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

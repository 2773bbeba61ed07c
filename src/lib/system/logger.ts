import { Writable } from "node:stream";
import { pino } from "pino";
import type { Logger } from "../logger.ts";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "off";
export interface LogSink {
  write(line: string): void;
}
export interface LoggerOptions {
  readonly level: LogLevel;
  readonly json: boolean;
  readonly sinks: readonly LogSink[];
}
/** One record as monitors see it. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly text: string;
  readonly json: string;
}
export interface RootLogger extends Logger {
  /** Every record at or above `level`, also below the level that is written. Returns the unsubscribe function. */
  tap(level: LogLevel, listener: (record: LogRecord) => void): () => void;
  setLevel(level: LogLevel): void;
}

const numbers: Readonly<Record<LogLevel, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  off: 99,
};
const names: Readonly<Record<number, LogLevel>> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
};

/** pino behind our port. Text lines are `TIME [LEVEL] component: message: key=value`. */
export function createLogger(options: LoggerOptions): RootLogger {
  const taps = new Set<{
    readonly level: LogLevel;
    readonly listener: (record: LogRecord) => void;
  }>();
  let level = options.level;
  const destination = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      emit(String(chunk));
      done();
    },
  });
  const root = pino({ level: lowest(), base: null, timestamp: false }, destination);

  function lowest(): string {
    const wanted = [level, ...[...taps].map((tap) => tap.level)].map((name) => numbers[name]);
    const number = Math.min(...wanted);
    return names[number] ?? "silent";
  }

  function emit(line: string): void {
    const record = format(line, new Date());
    if (numbers[record.level] >= numbers[level])
      for (const sink of options.sinks) sink.write(`${options.json ? record.json : record.text}\n`);
    for (const tap of taps) if (numbers[record.level] >= numbers[tap.level]) tap.listener(record);
  }

  return {
    ...wrap(root, "nomad"),
    tap(tapLevel, listener) {
      const entry = { level: tapLevel, listener };
      taps.add(entry);
      root.level = lowest();
      return () => {
        taps.delete(entry);
        root.level = lowest();
      };
    },
    setLevel(next) {
      level = next;
      root.level = lowest();
    },
  };
}

type Write = (fields: object, message: string) => void;
interface PinoLike {
  readonly trace: Write;
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

function wrap(inner: PinoLike, component: string): Logger {
  // Children share the root, so that its level holds for all of them at once.
  const at =
    (write: (fields: object, message: string) => void): Write =>
    (fields, message) => {
      write({ "@module": component, ...fields }, message);
    };
  return {
    trace: at((fields, message) => {
      inner.trace(fields, message);
    }),
    debug: at((fields, message) => {
      inner.debug(fields, message);
    }),
    info: at((fields, message) => {
      inner.info(fields, message);
    }),
    warn: at((fields, message) => {
      inner.warn(fields, message);
    }),
    error: at((fields, message) => {
      inner.error(fields, message);
    }),
    child: (name) => wrap(inner, `${component}.${name}`),
  };
}

function format(line: string, time: Date): LogRecord {
  const {
    level: number,
    msg,
    "@module": component,
    ...fields
  } = JSON.parse(line) as Record<string, unknown>;
  const level = names[Number(number)] ?? "info";
  const stamp = time.toISOString();
  const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${fieldText(value)}`);
  const head = `${stamp} [${level.toUpperCase()}]`.padEnd(stamp.length + 9);
  const text = `${head}${String(component)}: ${String(msg)}${pairs.length > 0 ? ":" : ""}${pairs.join("")}`;
  const json = JSON.stringify({
    "@level": level,
    "@message": msg,
    "@module": component,
    "@timestamp": stamp,
    ...fields,
  });
  return { level, text, json };
}

function fieldText(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

import { AppError } from "../../lib/errors.ts";
import type { LogEntry } from "./log-entries.ts";

interface Mark {
  readonly time: string;
  /** How many messages of exactly this time were handed out. */
  readonly count: number;
}
const nothing: Mark = { time: "", count: 0 };
/** Two streams are written by two threads: a message may be stored after a slightly newer one. */
const slackSeconds = 10;

/**
 * Where a reader is in a container's log, kept for each stream: within one stream times never go back,
 * while between the two they may. Text form: `TIME/COUNT;TIME/COUNT`, stdout first, `-` where nothing came.
 */
export class LogPosition {
  #stdout: Mark = nothing;
  #stderr: Mark = nothing;
  /** How many messages of the marked time the current reading has passed over. */
  readonly #passed = { stdout: 0, stderr: 0 };

  constructor(cursor: string | null) {
    if (cursor === null) return;
    const [stdout, stderr, ...more] = cursor.split(";");
    if (stdout === undefined || stderr === undefined || more.length > 0) throw badCursor(cursor);
    this.#stdout = parseMark(stdout, cursor);
    this.#stderr = parseMark(stderr, cursor);
  }

  /** Call before each reading of the log: messages of the marked times are counted anew. */
  rewind(): void {
    this.#passed.stdout = 0;
    this.#passed.stderr = 0;
  }

  /** True when the message is new; it counts as handed out from then on. */
  accept(entry: LogEntry): boolean {
    const mark = entry.stream === "stdout" ? this.#stdout : this.#stderr;
    if (entry.time < mark.time) return false;
    if (entry.time === mark.time) {
      this.#passed[entry.stream] += 1;
      if (this.#passed[entry.stream] <= mark.count) return false;
    } else this.#passed[entry.stream] = 1;
    const next = { time: entry.time, count: this.#passed[entry.stream] };
    if (entry.stream === "stdout") this.#stdout = next;
    else this.#stderr = next;
    return true;
  }

  cursor(): string {
    return `${printMark(this.#stdout)};${printMark(this.#stderr)}`;
  }

  /** From which Unix second the engine has to send, or 0 for everything. */
  sinceSeconds(): number {
    const newest = this.#stdout.time > this.#stderr.time ? this.#stdout.time : this.#stderr.time;
    if (newest === "") return 0;
    return Math.max(0, Math.floor(Date.parse(`${newest.slice(0, 19)}Z`) / 1000) - slackSeconds);
  }
}

const printMark = ({ time, count }: Mark): string => (time === "" ? "-" : `${time}/${count}`);

function parseMark(written: string, cursor: string): Mark {
  if (written === "-") return nothing;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z)\/(\d+)$/.exec(written);
  if (!match) throw badCursor(cursor);
  return { time: match[1] ?? "", count: Number(match[2]) };
}

const badCursor = (cursor: string): AppError =>
  new AppError("invalid", "not a cursor of a docker log", { fields: { cursor } });

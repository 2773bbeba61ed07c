import { AppError } from "../../lib/errors.ts";
import { type LogEntry, timeLength } from "./log-entries.ts";

interface Mark {
  /** Empty: nothing was handed out. */
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
  readonly #stdout: StreamPosition;
  readonly #stderr: StreamPosition;

  constructor(cursor: string | null) {
    const [stdout = "-", stderr, ...more] = (cursor ?? "-;-").split(";");
    if (stderr === undefined || more.length > 0) throw badCursor(cursor);
    this.#stdout = new StreamPosition(parseMark(stdout, cursor));
    this.#stderr = new StreamPosition(parseMark(stderr, cursor));
  }

  /** Call before each reading of the log: messages of the marked times are counted anew. */
  rewind(): void {
    this.#stdout.rewind();
    this.#stderr.rewind();
  }

  /** True when the message is new; it counts as handed out from then on. */
  accept(entry: LogEntry): boolean {
    return (entry.stream === "stdout" ? this.#stdout : this.#stderr).accept(entry);
  }

  cursor(): string {
    return `${printMark(this.#stdout.mark())};${printMark(this.#stderr.mark())}`;
  }

  /** From which Unix second the engine has to send, or 0 for everything. */
  sinceSeconds(): number {
    const [stdout, stderr] = [this.#stdout.mark().time, this.#stderr.mark().time];
    const newest = stdout > stderr ? stdout : stderr;
    if (newest === "") return 0;
    return Math.max(0, Math.floor(Date.parse(`${newest.slice(0, 19)}Z`) / 1000) - slackSeconds);
  }
}

/** Once a message was new, all after it are, and their times are only compared with the one before, byte by byte. */
class StreamPosition {
  readonly #time = Buffer.alloc(timeLength);
  #count: number;
  /** How many messages of the marked time the current reading has passed over. */
  #passed = 0;
  #isBeyond: boolean;

  constructor(mark: Mark) {
    this.#time.write(mark.time, "latin1");
    this.#count = mark.count;
    this.#isBeyond = mark.time === "";
  }

  mark(): Mark {
    return this.#count === 0
      ? nothing
      : { time: this.#time.toString("latin1"), count: this.#count };
  }

  rewind(): void {
    this.#passed = 0;
    this.#isBeyond = this.#count === 0;
  }

  accept({ bytes, start }: LogEntry): boolean {
    if (!this.#isBeyond) {
      const order = bytes.compare(this.#time, 0, timeLength, start, start + timeLength);
      if (order < 0) return false;
      if (order === 0 && this.#passed < this.#count) {
        this.#passed++;
        return false;
      }
      this.#isBeyond = true;
    }
    if (this.#isAt(bytes, start)) {
      this.#count++;
      return true;
    }
    bytes.copy(this.#time, 0, start, start + timeLength);
    this.#count = 1;
    return true;
  }

  /** The last digits differ most. */
  #isAt(bytes: Buffer, start: number): boolean {
    for (let at = timeLength - 1; at >= 0; at--)
      if (bytes[start + at] !== this.#time[at]) return false;
    return true;
  }
}

const printMark = ({ time, count }: Mark): string => (time === "" ? "-" : `${time}/${count}`);

function parseMark(written: string, cursor: string | null): Mark {
  if (written === "-") return nothing;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z)\/(\d+)$/.exec(written);
  if (!match) throw badCursor(cursor);
  return { time: match[1] ?? "", count: Number(match[2]) };
}

const badCursor = (cursor: string | null): AppError =>
  new AppError("invalid", "not a cursor of a docker log", { fields: { cursor } });

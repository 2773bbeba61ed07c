import { sleep } from "../lib/clock.ts";
import type { LinearPattern } from "../lib/system/regexp.ts";
import { ResponseError } from "../sdk/client.ts";
import { messageOf, type CommandContext } from "./command.ts";
import {
  bytesBefore,
  LineCutter,
  logFiles,
  placeAt,
  placeBehind,
  type LogPlace,
} from "./core/log-lines.ts";
import { readPieces } from "./frame-stream.ts";

export type LogType = "stdout" | "stderr";

export interface TaskLogOptions {
  readonly allocation: string;
  readonly namespace: string;
  readonly task: string;
  readonly type: LogType;
  readonly pattern: LinearPattern | undefined;
  /** Of the past, files that were last written before this are left out: lines have no times of their own. */
  readonly notBeforeMs: number | undefined;
  /** Takes whole lines; resolves when there is room for more. */
  readonly write: (lines: readonly Uint8Array[]) => Promise<void>;
  /** Tells a person, once, that something is in the way. */
  readonly complain: (text: string) => void;
}

interface DatedFile extends LogPlace {
  /** Not a number where the agent does not say it. */
  readonly writtenMs: number;
}

const firstWindow = 64 * 1024;
const windowGrowth = 8;
const retryMs = 1_000;

/** Lines of one output of one task, from a place that it keeps: a broken connection costs no line and repeats none. */
export class TaskLog {
  readonly #context: CommandContext;
  readonly #options: TaskLogOptions;
  readonly #name: string;
  readonly #decoder = new TextDecoder();
  #cutter = new LineCutter();
  #place: LogPlace = { index: 0, size: 0 };

  constructor(context: CommandContext, options: TaskLogOptions) {
    this.#context = context;
    this.#options = options;
    this.#name = `${options.task}.${options.type}`;
  }

  /** Writes the last lines there are, with an end for one that has none, and nothing more. */
  async showEnd(count: number, signal: AbortSignal): Promise<void> {
    await this.#tail({ count, closes: true }, signal);
  }

  /**
   * Writes the last `lines` of what is there, or all of it, then what comes until the allocation has ended, then what
   * is left. What is in the way is told once and tried again; an allocation that is gone has nothing left.
   */
  async follow(
    lines: number | undefined,
    { ended, signal }: { readonly ended: AbortSignal; readonly signal: AbortSignal },
  ): Promise<void> {
    const either = AbortSignal.any([ended, signal]);
    let [failures, isPlaced] = [0, lines === undefined];
    while (!signal.aborted) {
      const isLast = ended.aborted;
      try {
        if (!isPlaced) await this.#tail({ count: lines ?? 0, closes: false }, signal);
        isPlaced = true;
        await this.#copy({ follow: !isLast }, isLast ? signal : either);
        if (isLast) break;
        failures = 0;
      } catch (thrown) {
        if (signal.aborted) return;
        if (isLast && thrown instanceof ResponseError) break;
        if (!either.aborted && failures++ === 1) this.#options.complain(messageOf(thrown));
      }
      // An end that came meanwhile needs no wait before the rest is read.
      const waits = isLast ? signal : either;
      // The wait rejects only when it is called off, which the loop asks about next.
      await sleep(this.#context.ports.clock, retryMs, waits).catch(() => undefined);
    }
    if (!signal.aborted) await this.#tell(this.#cutter.rest());
  }

  async #tail(
    { count, closes }: { readonly count: number; readonly closes: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const files = await this.#files(signal);
    const total = files.reduce((sum, file) => sum + file.size, 0);
    const begin = this.#oldBytes(files);
    for (let window = firstWindow; ; window *= windowGrowth) {
      const start = Math.max(begin, total - window);
      const from = { start, count, isBegin: start === begin };
      const { lines, isWhole } = await this.#lastFrom(files, from, signal);
      if (start > begin && (!isWhole || lines.length < count)) continue;
      const open = closes ? this.#cutter.rest().filter((line) => this.#matches(line)) : [];
      const last = count === 0 ? [] : [...lines, ...open].slice(-count);
      if (last.length > 0) await this.#options.write(last);
      return;
    }
  }

  async #copy({ follow }: { readonly follow: boolean }, signal: AbortSignal): Promise<void> {
    const files = await this.#files(signal);
    let offset = bytesBefore(files, this.#place);
    if (offset === undefined) {
      this.#options.complain("lines were rotated away before they could be read");
      this.#cutter = new LineCutter();
      this.#place = { index: files[0]?.index ?? 0, size: 0 };
      offset = 0;
    }
    for await (const { data, file } of await this.#open({ follow, offset }, signal)) {
      this.#place = placeBehind(this.#place, { file, bytes: data.length });
      await this.#tell(this.#cutter.push(data));
    }
  }

  async #tell(lines: readonly Uint8Array[]): Promise<void> {
    const wanted = lines.filter((line) => this.#matches(line));
    if (wanted.length > 0) await this.#options.write(wanted);
  }

  async #lastFrom(
    files: readonly LogPlace[],
    {
      start,
      count,
      isBegin,
    }: { readonly start: number; readonly count: number; readonly isBegin: boolean },
    signal: AbortSignal,
  ): Promise<{ readonly lines: readonly Uint8Array[]; readonly isWhole: boolean }> {
    this.#cutter = new LineCutter();
    this.#place = placeAt(files, start);
    let last: Uint8Array[] = [];
    // What lies before the window may be the beginning of its first line.
    let skipsFirst = !isBegin;
    for await (const { data, file } of await this.#open({ follow: false, offset: start }, signal)) {
      this.#place = placeBehind(this.#place, { file, bytes: data.length });
      const lines = this.#cutter.push(data);
      if (lines.length === 0) continue;
      last.push(...(skipsFirst ? lines.slice(1) : lines).filter((line) => this.#matches(line)));
      skipsFirst = false;
      if (last.length > count) last = count === 0 ? [] : last.slice(-count);
    }
    return { lines: last, isWhole: !skipsFirst };
  }

  #matches(line: Uint8Array): boolean {
    const { pattern } = this.#options;
    return pattern === undefined || pattern.find(this.#decoder.decode(line).replace(/\r?\n$/, ""));
  }

  /** How much there is in files that were last written too long ago; all later ones count as newer. */
  #oldBytes(files: readonly DatedFile[]): number {
    const { notBeforeMs } = this.#options;
    if (notBeforeMs === undefined) return 0;
    const first = files.findIndex(({ writtenMs }) => !(writtenMs < notBeforeMs));
    return files
      .slice(0, first === -1 ? files.length : first)
      .reduce((sum, file) => sum + file.size, 0);
  }

  async #files(signal: AbortSignal): Promise<readonly DatedFile[]> {
    const { allocation, namespace } = this.#options;
    const { value } = await this.#context.client.get<
      readonly { readonly Name: string; readonly Size: number; readonly ModTime?: string }[] | null
    >(`/v1/client/fs/ls/${allocation}`, { namespace, path: "alloc/logs" }, signal);
    const writtenMs = new Map(
      (value ?? []).map(({ Name, ModTime }) => [Name, Date.parse(ModTime ?? "")]),
    );
    return logFiles(value ?? [], this.#name).map((file) => ({
      ...file,
      writtenMs: writtenMs.get(`${this.#name}.${file.index}`) ?? NaN,
    }));
  }

  async #open(
    { follow, offset }: { readonly follow: boolean; readonly offset: number },
    signal: AbortSignal,
  ): Promise<ReturnType<typeof readPieces>> {
    const { allocation, namespace, task, type } = this.#options;
    const stream = await this.#context.client.stream({
      method: "GET",
      path: `/v1/client/fs/logs/${allocation}`,
      query: { namespace, task, type, follow, origin: "start", offset },
      signal,
    });
    return readPieces(stream);
  }
}

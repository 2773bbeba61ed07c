import type { CommandAsked, NodePort } from "../../../src/api/context.ts";
import type { CommandSession } from "../../../src/lib/command-session.ts";
import { AppError } from "../../../src/lib/errors.ts";
import type { CheckState } from "../../../src/model/check.ts";
import type { FileFrame } from "../../../src/node/files.ts";
import { uuid } from "./build.ts";

/** What every path but those with a name of their own in `FakeNode` leads to. */
export const fileInfo = {
  Name: "notes.txt",
  IsDir: false,
  Size: 10,
  FileMode: "-rw-r--r--",
  ModTime: "2023-11-14T22:13:20Z",
  ContentType: "text/plain; charset=utf-8",
};

/** A command that prints one line and has ended well, unless told otherwise. */
export const buildRun = (over: Partial<CommandSession> = {}): CommandSession => ({
  write: () => undefined,
  endInput: () => undefined,
  resize: () => undefined,
  output: printed("hello"),
  exit: Promise.resolve(0),
  close: () => undefined,
  ...over,
});

/** The client part of an agent, whole: it writes down what it is asked for, and a test sets what it answers. */
export class FakeNode implements NodePort {
  readonly nodeId = uuid(800);
  readonly calls: unknown[] = [];
  readonly found: CheckState[] = [];
  readonly files: { -readonly [K in keyof NodePort["files"]]: NodePort["files"][K] } = {
    logs: (options) => {
      const { signal: _, ...rest } = options;
      this.calls.push(["logs", rest]);
      return frames("line 1\n", "line 2\n");
    },
    stream: (options) => {
      const { signal: _, ...rest } = options;
      this.calls.push(["stream", rest]);
      return frames("abc");
    },
    list: () => Promise.resolve([fileInfo]),
    stat: (_, path) =>
      path === "../.."
        ? Promise.reject(new AppError("invalid", "Path escapes the alloc directory"))
        : path === "nope"
          ? Promise.reject(
              new AppError("not-found", "open nope: no such file or directory", {
                cause: new Error("ENOENT, realpath '/srv/nope'"),
              }),
            )
          : Promise.resolve({ ...fileInfo, IsDir: path === "dir" }),
    read: (_, path, range) => {
      this.calls.push(["read", path, range]);
      return bytes("abcdefghij".slice(range.offset, range.offset + (range.limit ?? 99)));
    },
  };
  /** What a command does; a test that runs one says it here. */
  run: (task: string, asked: CommandAsked) => CommandSession = () => buildRun();

  checks(): readonly CheckState[] {
    return this.found;
  }
  restart(...call: unknown[]): void {
    this.calls.push(["restart", ...call]);
  }
  signal(...call: unknown[]): Promise<void> {
    this.calls.push(["signal", ...call]);
    return Promise.resolve();
  }
  pause(...call: unknown[]): void {
    this.calls.push(["pause", ...call]);
  }
  isPaused(_id: string, task: string): boolean {
    return task === "side";
  }
  collect(id: string): Promise<void> {
    this.calls.push(["collect", id]);
    return id === uuid(1)
      ? Promise.reject(new AppError("conflict", `allocation "${id}" has not ended yet`))
      : Promise.resolve();
  }
  stats(): ReturnType<NodePort["stats"]> {
    const usage = {
      cpuPercent: 1.5,
      cpuTotalTicks: 30,
      systemMode: 0.5,
      userMode: 1,
      throttledPeriods: 0,
      throttledTime: 0,
      memory: { rss: 10, cache: 1, swap: 0, usage: 11, maxUsage: 20 },
    };
    return Promise.resolve({ web: usage, side: usage });
  }
  async exec(id: string, task: string, asked: CommandAsked): Promise<CommandSession> {
    this.calls.push(["exec", id, task, asked]);
    return await Promise.resolve(this.run(task, asked));
  }
  hostStats(): ReturnType<NodePort["hostStats"]> {
    return Promise.resolve({
      timestampNs: 1_700_000_000_123_456_000,
      uptimeSeconds: 5,
      cpus: [{ cpu: "cpu0", user: 1, system: 2, idle: 97, totalPercent: 3, totalTicks: 60 }],
      cpuTicksConsumed: 60,
      memory: { total: 4, available: 2, used: 2, free: 1 },
      allocDisk: { size: 9, used: 3, available: 6, usedPercent: 33, inodesUsedPercent: 1 },
    });
  }
}

async function* frames(...texts: string[]): AsyncGenerator<FileFrame> {
  let offset = 0;
  for (const text of texts) {
    offset += text.length;
    yield await Promise.resolve({ file: "f", offset, data: Buffer.from(text) });
  }
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

async function* printed(text: string): CommandSession["output"] {
  yield await Promise.resolve({ stream: "stdout", data: Buffer.from(text) });
}

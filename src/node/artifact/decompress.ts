import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createReadStream } from "node:fs";
import type { ReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { assert, codeOf } from "../../lib/errors.ts";
import type { Compression } from "./core/archive-kind.ts";
import { failure } from "./failure.ts";

export interface Reading {
  readonly consume: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
  readonly signal: AbortSignal;
  /** Where programs are looked for, whatever the agent's own environment says. */
  readonly programPath?: string;
}

const pieceBytes = 64 * 1024;
const nobody = 65_534;
const usualPath = "/usr/local/bin:/usr/bin:/bin";
/**
 * Node itself knows gzip only. The others are read by the machine's own programs, as git is: they run beside the
 * event loop, at full speed, without the agent's rights, and within a stated memory.
 */
const programs = {
  bzip2: ["bzip2", "-dc"],
  xz: ["xz", "-dc", "-T1", "--memlimit-decompress=256MiB"],
  zstd: ["zstd", "-dc", "-q", "--memory=256MB"],
} as const;

/** Hands the content of a compressed file to `consume`, no faster than that takes it. */
export async function decompress(
  path: string,
  compression: Compression,
  { consume, signal, programPath = usualPath }: Reading,
): Promise<void> {
  switch (compression) {
    case "none":
      await consumed([readFile(path)], { consume, signal });
      return;
    case "gzip":
      await consumed([readFile(path), createGunzip({ chunkSize: pieceBytes })], {
        consume,
        signal,
      });
      return;
    case "bzip2":
    case "xz":
    case "zstd":
      await throughProgram(path, programs[compression], { consume, signal, programPath });
  }
}

const readFile = (path: string): ReadStream =>
  createReadStream(path, { highWaterMark: pieceBytes });

/** Streams in a row and what reads from the last one. They end each other; what the reader threw is what counts. */
export async function consumed(
  [first, second]: readonly [Readable | AsyncIterable<Uint8Array>, Duplex?],
  { consume, signal }: Reading,
): Promise<void> {
  let fault: { readonly thrown: unknown } | undefined;
  const reader = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    try {
      await consume(chunks);
    } catch (thrown) {
      fault = { thrown };
      throw thrown;
    }
  };
  try {
    if (second === undefined) await pipeline(first, reader, { signal });
    else await pipeline(first, second, reader, { signal });
  } catch (thrown) {
    throw fault === undefined ? thrown : fault.thrown;
  }
}

async function throughProgram(
  path: string,
  [command, ...words]: readonly [string, ...string[]],
  { consume, signal, programPath }: Required<Reading>,
): Promise<void> {
  const file = await open(path, "r");
  try {
    const isRoot = process.getuid?.() === 0;
    const child = spawn(command, words, {
      cwd: "/",
      env: { PATH: programPath, LC_ALL: "C" },
      stdio: [file.fd, "pipe", "pipe"],
      ...(isRoot ? { uid: nobody, gid: nobody } : {}),
    });
    const { stdout } = child;
    assert(stdout !== null, "the program's output is a pipe");
    const ended = endOf(child, command);
    let thrown: unknown;
    let isCut = false;
    try {
      await consumed([stdout], { consume, signal });
    } catch (fault) {
      thrown = fault;
      isCut = child.pid !== undefined && !stdout.readableEnded;
      if (isCut) child.kill("SIGKILL");
    }
    const fault = await ended;
    // A broken file ends the program first; that the archive was cut short only follows from it.
    if (fault !== undefined && !isCut) throw failure(fault);
    if (thrown !== undefined) throw thrown;
  } finally {
    await file.close();
  }
}

/** What went wrong in the program; undefined when it read all. */
function endOf(child: ChildProcess, command: string): Promise<string | undefined> {
  let words = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(0, 1000);
  });
  return new Promise((resolve) => {
    child.once("error", (thrown) => {
      resolve(
        codeOf(thrown) === "ENOENT"
          ? `this node cannot unpack it: the program ${JSON.stringify(command)} is not installed`
          : `${command}: ${thrown.message}`,
      );
    });
    child.once("close", (code, signalName) => {
      const how = signalName ?? `exit code ${code}`;
      resolve(code === 0 ? undefined : `${command}: ${words.trim() === "" ? how : words.trim()}`);
    });
  });
}

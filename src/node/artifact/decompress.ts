import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { assert } from "../../lib/errors.ts";
import type { Compression } from "./core/archive-kind.ts";
import { codeOf, failure } from "./failure.ts";

export type Consume = (chunks: AsyncIterable<Uint8Array>) => Promise<void>;

const pieceBytes = 64 * 1024;
const nobody = 65_534;
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
  consume: Consume,
  signal: AbortSignal,
): Promise<void> {
  switch (compression) {
    case "none":
      await pipeline(createReadStream(path, { highWaterMark: pieceBytes }), consume, { signal });
      return;
    case "gzip":
      await pipeline(
        createReadStream(path, { highWaterMark: pieceBytes }),
        createGunzip({ chunkSize: pieceBytes }),
        consume,
        { signal },
      );
      return;
    case "bzip2":
    case "xz":
    case "zstd":
      await throughProgram(path, programs[compression], consume, signal);
  }
}

async function throughProgram(
  path: string,
  [command, ...words]: readonly [string, ...string[]],
  consume: Consume,
  signal: AbortSignal,
): Promise<void> {
  const file = await open(path, "r");
  try {
    const isRoot = process.getuid?.() === 0;
    const child = spawn(command, words, {
      cwd: "/",
      env: { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" },
      stdio: [file.fd, "pipe", "pipe"],
      ...(isRoot ? { uid: nobody, gid: nobody } : {}),
    });
    const { stdout } = child;
    assert(stdout !== null, "the program's output is a pipe");
    const ended = endOf(child, command);
    let thrown: unknown;
    let isCut = false;
    try {
      await pipeline(stdout, consume, { signal });
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

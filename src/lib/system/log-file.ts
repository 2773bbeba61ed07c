import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { LogSink } from "./logger.ts";

export interface LogFileOptions {
  /** A trailing slash means a folder; the file is then `nomad.log`. */
  readonly path: string;
  readonly rotateAfterMs: number;
  /** 0: no limit. */
  readonly rotateBytes: number;
  /** 0: keep all. */
  readonly maxFiles: number;
  readonly nowNs: () => number;
}

/** The agent's own log file. A full or old one is renamed to `<base>-<unix ns><ext>`. */
export function openLogFile(options: LogFileOptions): LogSink & { close(): void } {
  const path = options.path.endsWith("/") ? join(options.path, "nomad.log") : options.path;
  mkdirSync(dirname(path), { recursive: true });
  let file = openSync(path, "a", 0o640);
  let bytes = fstatSync(file).size;
  let openedNs = options.nowNs();

  function rotate(): void {
    closeSync(file);
    renameSync(path, rotatedName(path, options.nowNs()));
    file = openSync(path, "a", 0o640);
    bytes = 0;
    openedNs = options.nowNs();
    if (options.maxFiles > 0)
      for (const old of rotatedFiles(path).slice(0, -options.maxFiles)) unlinkSync(old);
  }

  return {
    write(line) {
      const isFull =
        options.rotateBytes > 0 && bytes + line.length > options.rotateBytes && bytes > 0;
      const isOld = options.nowNs() - openedNs >= options.rotateAfterMs * 1e6;
      if (isFull || isOld) rotate();
      bytes += writeSync(file, line);
    },
    close() {
      closeSync(file);
    },
  };
}

function rotatedName(path: string, ns: number): string {
  const ext = extname(path);
  return join(dirname(path), `${basename(path, ext)}-${ns}${ext}`);
}

function rotatedFiles(path: string): string[] {
  const ext = extname(path);
  const prefix = `${basename(path, ext)}-`;
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix) && name.endsWith(ext))
    .toSorted()
    .map((name) => join(dirname(path), name));
}

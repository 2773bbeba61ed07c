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
import { errorText } from "../errors.ts";
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
  /** Told once for each time that writing begins to fail. */
  readonly onFault: (text: string) => void;
}

/**
 * The agent's own log file. A full or old one is renamed to `<base>-<unix ns><ext>`. Whoever logs is in the middle of
 * something that matters more: after the start no fault of the disk that the log lies on comes out of here.
 */
export function openLogFile(options: LogFileOptions): LogSink & { close(): void } {
  const path = options.path.endsWith("/") ? join(options.path, "nomad.log") : options.path;
  mkdirSync(dirname(path), { recursive: true });
  let file: number | undefined = openSync(path, "a", 0o640);
  let bytes = fstatSync(file).size;
  let openedNs = options.nowNs();
  let isFailing = false;

  function rotate(): void {
    close();
    if (bytes > 0) renameSync(path, rotatedName(path, options.nowNs()));
    reopen();
    if (options.maxFiles > 0)
      for (const old of rotatedFiles(path).slice(0, -options.maxFiles)) unlinkSync(old);
  }

  function reopen(): number {
    const opened = openSync(path, "a", 0o640);
    file = opened;
    bytes = fstatSync(opened).size;
    openedNs = options.nowNs();
    return opened;
  }

  function append(line: string): void {
    const isFull =
      options.rotateBytes > 0 && bytes + line.length > options.rotateBytes && bytes > 0;
    const isOld = options.nowNs() - openedNs >= options.rotateAfterMs * 1e6;
    if (file !== undefined && (isFull || isOld)) rotate();
    bytes += writeSync(file ?? reopen(), line);
  }

  function close(): void {
    if (file !== undefined) closeSync(file);
    file = undefined;
  }

  return {
    write(line) {
      try {
        append(line);
        isFailing = false;
      } catch (thrown) {
        if (!isFailing)
          options.onFault(
            `the log file ${path} cannot be written, lines are missing there: ${errorText(thrown)}`,
          );
        isFailing = true;
      }
    },
    close,
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

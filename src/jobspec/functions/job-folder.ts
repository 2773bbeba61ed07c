import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { CallFault } from "../core/hcl/scope-types.ts";
import { codeOf, isMissing } from "../../lib/errors.ts";

const largestFile = 1_000_000;
const mostFiles = 256;

/**
 * The folder of a job file, and nothing outside of it. A path is judged by where it really leads, so neither `..` nor
 * a link gets out.
 */
export class JobFolder {
  readonly #root: string;
  #looks = 0;

  constructor(root: string) {
    this.#root = resolve(root);
  }

  read(path: string): Buffer {
    const real = this.inside(path);
    if (real === undefined) throw new CallFault(`there is no file ${path}`, 0);
    this.#count();
    return readWhole(real, path);
  }

  exists(path: string): boolean {
    const real = this.inside(path);
    if (real === undefined) return false;
    this.#count();
    const found = statSync(real, { throwIfNoEntry: false });
    if (found === undefined || found.isFile()) return found !== undefined;
    throw new CallFault(`${path} is there but it is no file`, 0);
  }

  /** Where a path really leads; undefined when nothing is there. Leaving the folder is refused either way. */
  inside(path: string): string | undefined {
    if (path.includes("\0")) throw new CallFault("a path holds no zero character", 0);
    const root = realPath(this.#root);
    if (root === undefined)
      throw new CallFault("the job file lies in no folder, so it can name no file", 0);
    const wanted = resolve(this.#root, path);
    const real = realPath(wanted);
    const nearest = real ?? nearestReal(wanted);
    if (nearest !== root && !nearest.startsWith(root === sep ? sep : root + sep))
      throw new CallFault(`${path} lies outside of the folder of the job file`, 0);
    return real;
  }

  #count(): void {
    this.#looks += 1;
    if (this.#looks > mostFiles)
      throw new CallFault(`a job file may look at no more than ${mostFiles} files`, 0);
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw refused(thrown, path);
  }
}

/** The last part of the way that is there, so that what is missing tells nothing about other folders. */
function nearestReal(path: string): string {
  let at = path;
  for (;;) {
    const real = realPath(at);
    if (real !== undefined) return real;
    at = dirname(at);
  }
}

function readWhole(real: string, path: string): Buffer {
  // Without blocking: a named pipe would wait for its other end.
  const handle = opened(real, path);
  try {
    const found = fstatSync(handle);
    if (!found.isFile()) throw new CallFault(`${path} is no file`, 0);
    const buffer = Buffer.alloc(Math.min(found.size, largestFile) + 1);
    let size = 0;
    for (;;) {
      const count = readSync(handle, buffer, size, buffer.length - size, size);
      size += count;
      if (count === 0 || size === buffer.length) break;
    }
    if (found.size > largestFile || size === buffer.length)
      throw new CallFault(`${path} is larger than ${largestFile} bytes or still grows`, 0);
    return buffer.subarray(0, size);
  } finally {
    closeSync(handle);
  }
}

function opened(real: string, path: string): number {
  try {
    return openSync(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (thrown) {
    throw refused(thrown, path);
  }
}

function refused(thrown: unknown, path: string): unknown {
  const code = codeOf(thrown);
  return code === "" ? thrown : new CallFault(`${path} cannot be read (${code})`, 0);
}

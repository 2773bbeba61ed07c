import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  realpathSync,
  statSync,
} from "node:fs";
import { isAbsolute, join } from "node:path";
import type { TaskSpec } from "../port.ts";
import { mishap } from "./refusal.ts";

const standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** In the task's folders first, then as it is, then on the search path; on the host's file system. */
export function findCommand(command: string, spec: TaskSpec): string {
  const places = isAbsolute(command)
    ? [command]
    : [
        join(spec.directories.local, command),
        join(spec.directories.task, command),
        ...(spec.env["PATH"] ?? standardPath).split(":").map((place) => join(place, command)),
      ];
  const found = places.find(isFile);
  if (found === undefined)
    throw mishap(`failed to launch command: file ${command} not found under path`);
  makeExecutable(found, spec.directories.allocation);
  return found;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // The next folder of the PATH may have it.
    return false;
  }
}

/** Only what was put into the allocation: a link of the task's must not open a file of the host's to everybody. */
function makeExecutable(path: string, allocation: string): void {
  const real = realpathSync(path);
  if (!real.startsWith(`${realpathSync(allocation)}/`)) return;
  const file = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { mode, nlink } = fstatSync(file);
    if ((mode & 0o111) !== 0o111 && nlink === 1) fchmodSync(file, 0o755);
  } finally {
    closeSync(file);
  }
}

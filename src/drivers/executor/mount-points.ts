import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  type Stats,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { join, normalize } from "node:path";

/**
 * Makes places in a task's root to mount on. The root is the task's folder, where an earlier attempt may have left
 * anything: what is not a folder on the way, above all a link that leads out, gives way to one.
 */
export function makeMountPoint(root: string, inside: string, kind: "directory" | "file"): string {
  const names = namesOf(inside);
  const last = names.pop();
  let path = root;
  for (const name of names) {
    path = join(path, name);
    makeDirectory(path);
  }
  if (last === undefined) return root;
  path = join(path, last);
  if (kind === "directory") makeDirectory(path);
  else makeFile(path);
  return path;
}

/** A link as the host has it; it leads to the same place within the task's root. */
export function makeLink(root: string, inside: string, target: string): void {
  const names = namesOf(inside);
  const last = names.pop() ?? "";
  const path = join(makeMountPoint(root, names.join("/"), "directory"), last);
  const found = look(path);
  // A folder of the task's own keeps its place: there is nothing of the host's in it.
  if (found?.isDirectory() === true) return;
  if (found !== undefined) unlinkSync(path);
  symlinkSync(target, path);
}

function makeDirectory(path: string): void {
  const found = look(path);
  if (found?.isDirectory() === true) return;
  if (found !== undefined) unlinkSync(path);
  mkdirSync(path);
  // Tasks pass through it as anybody, whatever the agent's own mask is.
  chmodSync(path, 0o755);
}

function makeFile(path: string): void {
  const found = look(path);
  if (found?.isFile() === true) return;
  if (found !== undefined) unlinkSync(path);
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  closeSync(openSync(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o644));
}

const look = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });

const namesOf = (inside: string): string[] =>
  normalize(`/${inside}`)
    .split("/")
    .filter((name) => name !== "");

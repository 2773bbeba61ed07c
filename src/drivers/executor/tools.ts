import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Programs of util-linux and coreutils that do what this runtime cannot. */
const names = [
  "unshare",
  "nsenter",
  "setpriv",
  "mount",
  "umount",
  "pivot_root",
  "chroot",
  "script",
  "stty",
  "tty",
  "setsid",
] as const;
export type ToolName = (typeof names)[number];
export type Tools = Partial<Readonly<Record<ToolName, string>>>;

const folders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];

/** Where each of them is on this machine; those that are not there are missing. */
export function findTools(): Tools {
  return Object.fromEntries(
    names.flatMap((name) => {
      const path = folders.map((folder) => join(folder, name)).find(isExecutable);
      return path === undefined ? [] : [[name, path] as const];
    }),
  );
}

export const missingTools = (tools: Tools, needed: readonly ToolName[]): readonly ToolName[] =>
  needed.filter((name) => tools[name] === undefined);

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // The next folder may have it.
    return false;
  }
}

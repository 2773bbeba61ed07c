import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { run, say } from "./say.mjs";

/** Installs the project's packages when they are missing or older than the lock file. */
export function ensureModules(root) {
  const stamp = join(root, "node_modules", ".package-lock.json");
  if (
    existsSync(stamp) &&
    statSync(stamp).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs
  )
    return;
  say("Installing the project's packages (better-sqlite3 is compiled, about a minute) ...");
  run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root });
}

/** Builds dist/ when a source is newer than it. */
export function ensureBuild(root) {
  const built = join(root, "dist", "main.js");
  if (existsSync(built) && statSync(built).mtimeMs >= newest(join(root, "src"))) return;
  run("npm", ["run", "--silent", "build"], { cwd: root });
}

function newest(dir) {
  return Math.max(
    ...readdirSync(dir, { withFileTypes: true }).map((entry) =>
      entry.isDirectory() ? newest(join(dir, entry.name)) : statSync(join(dir, entry.name)).mtimeMs,
    ),
  );
}

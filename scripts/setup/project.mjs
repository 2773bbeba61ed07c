import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { run, say } from "./say.mjs";

/** Installs the project's packages when they are missing or older than the lock file. */
export function ensureModules(root) {
  const stamp = join(root, "node_modules", ".package-lock.json");
  const isNew =
    existsSync(stamp) &&
    statSync(stamp).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
  if (!isNew) {
    say("Installing the project's packages (better-sqlite3 is compiled, about a minute) ...");
    run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root });
  }
  if (sqliteFault(root) === undefined) return;
  say(`Compiling better-sqlite3 for Node ${process.versions.node} (about a minute) ...`);
  run("npm", ["rebuild", "better-sqlite3"], { cwd: root });
  const fault = sqliteFault(root);
  if (fault !== undefined) throw new Error(`better-sqlite3 cannot be loaded: ${fault}`);
}

/** The module is machine code for one version of Node: after a change of Node it does not load. */
function sqliteFault(root) {
  const program = 'new (require("better-sqlite3"))(":memory:").close()';
  const { status, stderr } = spawnSync(process.execPath, ["-e", program], {
    cwd: root,
    encoding: "utf8",
  });
  if (status === 0) return undefined;
  return /^\w*Error: .*(?:\n(?! {4}at ).*)*/m.exec(stderr)?.[0] ?? stderr.trim();
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

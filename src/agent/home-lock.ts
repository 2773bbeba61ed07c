import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../lib/errors.ts";
import { lockDatabase } from "../lib/system/sqlite.ts";

/**
 * One agent to a data folder. The kernel holds the lock as long as the process lives, so a killed agent leaves none
 * behind; the text beside it only names the holder.
 */
export function lockHome(home: string): { release(): void } {
  const owner = join(home, "agent.pid");
  const lock = lockDatabase(join(home, "agent.lock"));
  if (lock === undefined) {
    throw new AppError(
      "conflict",
      `another agent (process ${holder(owner)}) uses ${home}: stop it, or give this one another -data-dir`,
    );
  }
  writeFileSync(owner, String(process.pid));
  return lock;
}

function holder(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    // The holder may not have written its number yet; only the lock itself decides.
    return "unknown";
  }
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A shell script that can be found on a search path. */
export function writeProgram(dir: string, name: string, script: string): void {
  writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

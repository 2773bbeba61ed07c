import { execFileSync } from "node:child_process";

/** Once before all tests: real agent processes run what is built. */
export function setup(): void {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
    stdio: "inherit",
  });
}

import { execFileSync } from "node:child_process";

/** Once before all tests: real agent processes run what is built. */
export function setup(): void {
  execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
}

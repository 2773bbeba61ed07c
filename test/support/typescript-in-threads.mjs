/**
 * Lets `new Worker("x.ts")` run from source: vitest compiles only what its own module runner loads, a thread
 * loads by Node. Threads inherit the `--import` of their process; the main thread of a vitest process skips the
 * hooks because it has no need of them. A child process that runs a `.ts` file sets TYPESCRIPT_IN_MAIN=1.
 */
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

if (!isMainThread || process.env.TYPESCRIPT_IN_MAIN === "1")
  register("./typescript-hooks.mjs", import.meta.url);

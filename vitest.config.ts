import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["./test/support/build-dist.ts"],
    // Only what hangs is ended: a busy machine takes many times longer than an idle one.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Many of the longest ones only wait for containers and agents.
    maxWorkers: 3,
    // Worker threads are plain Node, which cannot read TypeScript before version 22; see the file.
    execArgv: [
      "--import",
      new URL("./test/support/typescript-in-threads.mjs", import.meta.url).href,
    ],
  },
});

import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** Tests of pure files, which by the law have nothing to keep apart: many share one process, and none is started for each. */
const pure = ["test/**/core/**/*.test.ts", "test/model/**/*.test.ts"];

export const shared = {
  // Only what hangs is ended: a busy machine takes many times longer than an idle one.
  testTimeout: 240_000,
  hookTimeout: 240_000,
  // Worker threads are plain Node, which cannot read TypeScript before version 22; see the file.
  execArgv: ["--import", new URL("./test/support/typescript-in-threads.mjs", import.meta.url).href],
};

export default defineConfig({
  test: {
    // Many of the longest ones only wait for containers and agents.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    globalSetup: ["./test/support/build-dist.ts"],
    projects: [
      { test: { ...shared, name: "whole", include: ["test/**/*.test.ts"], exclude: pure } },
      { test: { ...shared, name: "pure", include: pure, isolate: false } },
    ],
  },
});

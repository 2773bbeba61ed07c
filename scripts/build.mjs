/**
 * Puts the sources together into `dist/`: a command then opens a few files instead of a hundred, which is most of
 * the time that it takes. Parts that only some commands need stay files of their own.
 */
import { renameSync, rmSync } from "node:fs";
import { rolldown } from "rolldown";

const root = new URL("..", import.meta.url).pathname;

/** Finished beside the old one and put in its place at once: whoever starts an agent meanwhile finds all of it. */
const fresh = `${root}dist.${process.pid}`;
const bundle = await rolldown({
  cwd: root,
  // A thread's file is looked for beside the file that starts it: see raft/log-store.ts, jobspec/job-reader.ts,
  // agent/large-jobs.ts, agent/template-thread.ts.
  input: {
    main: "src/main.ts",
    "storage/worker": "src/raft/storage/worker.ts",
    "reader/worker": "src/jobspec/reader/worker.ts",
    "large-jobs/worker": "src/agent/large-jobs/worker.ts",
    "template-thread/worker": "src/agent/template-thread/worker.ts",
    "watchdog/worker": "src/lib/system/watchdog/worker.ts",
  },
  platform: "node",
  external: /^(?:node:|[^./])/,
  logLevel: "warn",
});
await bundle.write({
  dir: fresh,
  format: "esm",
  chunkFileNames: "[name].js",
  sourcemap: true,
});
await bundle.close();
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(fresh, `${root}dist`);

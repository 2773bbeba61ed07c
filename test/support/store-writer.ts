import { writeSync } from "node:fs";
import { jobId } from "../../src/model/ids.ts";
import { openTestStore } from "./store.ts";
import { buildRegistration } from "./build-commands.ts";
import { buildEvaluation } from "./build-evaluation.ts";
import { buildJob } from "./build-job.ts";

/** A process that registers jobs as fast as it can and prints each id once it was acknowledged, until it is killed. */
const [dataDir = "", run = ""] = process.argv.slice(2);
const store = await openTestStore(dataDir);
writeSync(1, "ready\n");
await Promise.all(
  Array.from({ length: 8 }, async (_, caller) => {
    for (let n = 0; ; n++) {
      const job = buildJob({ ID: jobId(`${run}-${caller}-${n}`) });
      const evaluation = buildEvaluation(Number(run) * 1e6 + caller * 1e5 + n, job);
      await store.write("job.register", buildRegistration(job, evaluation));
      // Straight to the pipe: what is buffered in this process would die with it, but never lie.
      writeSync(1, `${job.ID}\n`);
    }
  }),
);

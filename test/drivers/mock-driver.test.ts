import { join } from "node:path";
import { createMockDriver } from "../../src/drivers/mock-driver.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import type { JsonMap } from "../../src/model/job.ts";
import type { Behaviour } from "../support/task-behaviours.ts";
import { taskDriverContract } from "./task-driver-contract.ts";

/** Nothing listens to signals here: the options alone say how a task ends. */
const configs: { readonly [behaviour in Behaviour]: JsonMap } = {
  "greets and exits with 3": { stdout_string: "hello\n", stderr_string: "oops\n", exit_code: 3 },
  "runs on": { run_for: "60s" },
  "exits with 7 on SIGTERM": { run_for: "60s", stdout_string: "ready\n", exit_code: 7 },
  "ignores signals": { run_for: "60s", stdout_string: "ready\n", exit_code: 137, exit_signal: 9 },
  "exits with 0": {},
  "exits with 1": { exit_code: 1 },
  "prints eight lines": {
    stdout_string: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `line ${n}\n`).join(""),
  },
  "ends soon": { run_for: "300ms" },
};

taskDriverContract("mock_driver", {
  open: (dir) =>
    createMockDriver({
      clock: createSystemClock(),
      log: silentLogger,
      enabled: true,
      stateDir: join(dir, "records"),
    }),
  config: (behaviour) => configs[behaviour],
  misspelt: { written: "run_fro", meant: "run_for" },
});

import { join } from "node:path";
import { createRawExecDriver } from "../../src/drivers/raw-exec.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { scriptOf } from "../support/task-behaviours.ts";
import { execContract } from "./exec-contract.ts";
import { type DriverHarness, taskDriverContract } from "./task-driver-contract.ts";

const harness: DriverHarness = {
  open: (dir) =>
    createRawExecDriver({
      clock: createSystemClock(),
      log: silentLogger,
      enabled: true,
      stateDir: join(dir, "records"),
    }),
  config: (behaviour) => ({ command: "/bin/sh", args: ["-c", scriptOf[behaviour]] }),
};

taskDriverContract("raw_exec", harness);
execContract("raw_exec", harness);

import { join } from "node:path";
import { createRawExecDriver } from "../../src/drivers/raw-exec.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { scriptOf } from "../support/task-behaviours.ts";
import { taskDriverContract } from "./task-driver-contract.ts";

taskDriverContract("raw_exec", {
  open: (dir) =>
    createRawExecDriver({
      clock: createSystemClock(),
      log: silentLogger,
      enabled: true,
      stateDir: join(dir, "records"),
    }),
  config: (behaviour) => ({ command: "/bin/sh", args: ["-c", scriptOf[behaviour]] }),
});

import { join } from "node:path";
import { beforeAll } from "vitest";
import { createExecDriver } from "../../src/drivers/exec.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { demandIsolation } from "../support/machine.ts";
import { scriptOf } from "../support/task-behaviours.ts";
import { execContract } from "./exec-contract.ts";
import { type DriverHarness, taskDriverContract } from "./task-driver-contract.ts";

beforeAll(demandIsolation);

const harness: DriverHarness = {
  open: (dir) =>
    createExecDriver({
      clock: createSystemClock(),
      log: silentLogger,
      stateDir: join(dir, "records"),
    }),
  config: (behaviour) => ({ command: "/bin/sh", args: ["-c", scriptOf[behaviour]] }),
};

taskDriverContract("exec", harness);
execContract("exec", harness);

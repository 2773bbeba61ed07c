import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll } from "vitest";
import { createJavaDriver } from "../../src/drivers/java.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { demandIsolation } from "../support/machine.ts";
import { scriptOf } from "../support/task-behaviours.ts";
import { execContract } from "./exec-contract.ts";
import { type DriverHarness, taskDriverContract } from "./task-driver-contract.ts";

beforeAll(demandIsolation);

/** Its "class" is a shell script, so that it can behave as the contract wants. */
const fakeJava = `#!/bin/sh
[ "$1" = -version ] && { echo 'openjdk version "17.0.1" 2021-10-19' >&2; exit 0; }
exec /bin/sh -c "$1"
`;

const harness: DriverHarness = {
  open: (dir) => {
    const bin = join(dir, "jdk", "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "java"), fakeJava);
    chmodSync(join(bin, "java"), 0o755);
    return createJavaDriver({
      clock: createSystemClock(),
      log: silentLogger,
      stateDir: join(dir, "records"),
      searchPath: `/no/such/folder:${bin}`,
    });
  },
  config: (behaviour) => ({ class: scriptOf[behaviour] }),
};

taskDriverContract("java", harness);
execContract("java", harness);

import { createDockerDriver, defaultDockerConfig } from "../../src/drivers/docker.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { scriptOf } from "../support/task-behaviours.ts";
import { execContract } from "./exec-contract.ts";
import { groupNetworkContract } from "./group-network-contract.ts";
import { type DriverHarness, taskDriverContract } from "./task-driver-contract.ts";

const open = () =>
  createDockerDriver({
    clock: createSystemClock(),
    log: silentLogger,
    config: defaultDockerConfig,
  });

groupNetworkContract("docker", open);
const harness: DriverHarness = {
  open,
  config: (behaviour) => ({
    image: "busybox:1.36",
    command: "sh",
    args: ["-c", scriptOf[behaviour]],
  }),
};
taskDriverContract("docker", harness);
execContract("docker", harness);

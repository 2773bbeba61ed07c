import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TaskOwner, TaskSpec } from "../../src/drivers/port.ts";
import { systemRandom } from "../../src/lib/system/random.ts";
import { allocationId } from "../../src/model/ids.ts";
import type { JsonMap } from "../../src/model/job.ts";

/** A folder of its own and an owner that nobody else on this machine has. */
export function makeDriverBench(): {
  readonly dir: string;
  readonly owner: TaskOwner;
  readonly spec: (config: JsonMap, change?: Partial<TaskSpec>) => TaskSpec;
  readonly clean: () => void;
} {
  const dir = mkdtempSync(join(tmpdir(), "driver-"));
  const owner = { cluster: `test-${systemRandom.uuid()}`, nodeId: systemRandom.uuid() };
  return {
    dir,
    owner,
    spec: (config, change = {}) => driverSpec(dir, owner, config, change),
    clean: () => {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function driverSpec(
  dir: string,
  owner: TaskOwner,
  config: JsonMap,
  change: Partial<TaskSpec>,
): TaskSpec {
  const key = change.key ?? { allocationId: allocationId(systemRandom.uuid()), task: "web" };
  const allocation = join(dir, key.allocationId);
  const directories = {
    allocation,
    shared: join(allocation, "alloc"),
    logs: join(allocation, "alloc", "logs"),
    task: join(allocation, key.task),
    local: join(allocation, key.task, "local"),
    secrets: join(allocation, key.task, "secrets"),
  };
  for (const path of Object.values(directories)) mkdirSync(path, { recursive: true });
  return {
    key,
    owner,
    jobId: "job",
    namespace: "default",
    group: "group",
    specHash: "hash",
    attempt: 0,
    config,
    env: { GREETING: "hello", PATH: "/usr/local/bin:/usr/bin:/bin" },
    user: "",
    resources: { cpuShares: 50, memoryMb: 32, memoryMaxMb: 0 },
    ports: [],
    network: undefined,
    mounts: [],
    dns: undefined,
    directories,
    logConfig: { MaxFiles: 2, MaxFileSizeMB: 1, Disabled: false },
    ...change,
  };
}

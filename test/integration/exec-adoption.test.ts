import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { demandIsolation } from "../support/machine.ts";
import { until } from "../support/until.ts";

beforeAll(demandIsolation);

let agent: LiveAgent | undefined;
afterEach(async () => {
  await agent?.cleanUp();
});

interface Allocation {
  readonly ID: string;
  readonly ClientStatus: string;
  readonly TaskStates: {
    readonly [task: string]: {
      readonly State: string;
      readonly Restarts: number;
      readonly StartedAt: string;
    };
  } | null;
}

const job = (driver: string, config: object) => ({
  Job: {
    ID: `adopted-${driver}`,
    Name: `adopted-${driver}`,
    Type: "service",
    Datacenters: ["*"],
    TaskGroups: [
      {
        Name: "g",
        Tasks: [
          { Name: "t", Driver: driver, Config: config, Resources: { CPU: 50, MemoryMB: 32 } },
        ],
      },
    ],
  },
});
const loop = "while :; do date +%s%N; echo $NOMAD_TASK_DIR >&2; sleep 0.2; done";

test("D1: an agent that is killed finds tasks of exec, raw_exec and mock_driver again, and leaves them alone", async () => {
  agent = await liveAgent({
    dev: false,
    config: 'plugin "mock_driver" { config { enabled = true } }',
  });
  const own = agent;
  await own.start();
  const shell = { command: "/bin/sh", args: ["-c", loop] };
  const configs = { exec: shell, raw_exec: shell, mock_driver: { run_for: "1h" } };
  for (const [driver, config] of Object.entries(configs))
    expect((await own.send("PUT", "/v1/jobs", job(driver, config))).status).toBe(200);
  const allocations = (driver: string) =>
    own.get<Allocation[]>(`/v1/job/adopted-${driver}/allocations`);
  const running = (driver: string) =>
    until(`${driver} to run`, async () => {
      const [first] = await allocations(driver);
      return first?.TaskStates?.["t"]?.State === "running" ? first : undefined;
    });
  const before = [await running("exec"), await running("raw_exec"), await running("mock_driver")];
  const processes = () => processesUnder(own.dir);
  const wrappers = processes();
  expect(wrappers).toHaveLength(2);

  await own.stop("SIGKILL");
  await own.start();
  for (const allocation of before) {
    const driver = ["exec", "raw_exec", "mock_driver"][before.indexOf(allocation)] ?? "";
    const [now, ...others] = await allocations(driver);
    expect(others).toEqual([]);
    expect(now).toMatchObject({ ID: allocation.ID, ClientStatus: "running" });
    expect(now?.TaskStates?.["t"]).toMatchObject({
      Restarts: 0,
      StartedAt: allocation.TaskStates?.["t"]?.StartedAt,
    });
  }
  expect(processes()).toEqual(wrappers);
  const seen = await own.get<{ Drivers: { [name: string]: { Detected: boolean } } }>(
    `/v1/node/${own.nodeId()}`,
  );
  expect(seen.Drivers["exec"]?.Detected).toBe(true);

  for (const driver of Object.keys(configs))
    expect((await own.send("DELETE", `/v1/job/adopted-${driver}`)).status).toBe(200);
  await until("their processes to be gone", () => processes().length === 0);
  await until("their cgroups to be gone", () => cgroupsOf(before.map(({ ID }) => ID)).length === 0);
});

function cgroupsOf(allocations: readonly string[]): readonly string[] {
  const parents = ["cpu/nomad", "freezer/nomad", "pids/nomad", "nomad.slice/share.slice"];
  return parents
    .map((parent) => join("/sys/fs/cgroup", parent))
    .filter((parent) => existsSync(parent))
    .flatMap((parent) => readdirSync(parent))
    .filter((name) => allocations.some((id) => name.startsWith(id)));
}

/** The shells above the tasks, by the folder of their records. */
function processesUnder(dir: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(join("/proc", pid, "cmdline"), "utf8").split("\0");
        return words[1]?.startsWith(dir) === true && words[1].endsWith("/wrapper");
      } catch {
        // Ended since it was listed.
        return false;
      }
    });
}

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { sleeper } from "../support/job-files.ts";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";
import type { PrivateEngine } from "../support/private-dockerd.ts";
import { until } from "../support/until.ts";

/** Ends at once when it is asked to, and is not forgiven a second failure. */
export const politeOnce = {
  command: "trap 'exit 3' TERM; sleep 100000 & wait",
  restart: 'attempts = 1\n interval = "1h"\n delay = "10m"\n mode = "fail"',
};

/** An agent whose tasks run on an engine that the test may break. */
export interface FaultBench {
  readonly agent: LiveAgent;
  /** Identity and start time of each container that runs, by the engine's word. */
  running(): Promise<readonly string[]>;
  /** Runs `count` containers and waits until each is reported. */
  fill(count: number, options?: Parameters<typeof sleeper>[1]): Promise<void>;
  tasks(): Promise<readonly TaskView[]>;
  /** Until one task waits out the delay of its restart policy. */
  waits(): Promise<void>;
  driverIs(healthy: boolean): Promise<void>;
  /** How long the steps of the agent's event loop were while `work` went on. */
  delayDuring(work: () => Promise<void>): Promise<{ readonly p99Ms: number }>;
  cleanUp(): Promise<void>;
}
export interface TaskView {
  readonly allocation: string;
  readonly desired: string;
  readonly client: string;
  readonly restarts: number;
  readonly events: readonly string[];
}

interface Stub {
  readonly ID: string;
  readonly ClientStatus: string;
  readonly DesiredStatus: string;
  readonly TaskStates: {
    readonly t?: {
      readonly State: string;
      readonly Restarts: number;
      readonly Events: readonly { readonly Type: string }[];
    };
  } | null;
}

const monitor = new URL("../support/loop-delay.mjs", import.meta.url).href;

export async function faultBench(engine: PrivateEngine, socket: string): Promise<FaultBench> {
  const agent = await liveAgent({
    dev: false,
    config: `plugin "docker" { config { endpoint = "unix://${socket}" } }`,
  });
  const delayFile = join(agent.dir, "loop-delay.json");
  await agent.start({ NODE_OPTIONS: `--import ${monitor}`, LOOP_DELAY_FILE: delayFile });
  const readDelay = async (): Promise<{ readonly p99Ms: number }> => {
    rmSync(delayFile, { force: true });
    process.kill(agent.pid(), "SIGUSR2");
    return until("the agent's reading of its event loop", () => {
      try {
        return JSON.parse(readFileSync(delayFile, "utf8")) as { readonly p99Ms: number };
      } catch {
        // Not written yet.
        return undefined;
      }
    });
  };
  const tasks = async (): Promise<readonly TaskView[]> => {
    const stubs = await agent.get<Stub[]>("/v1/allocations");
    return stubs.map((stub) => ({
      allocation: stub.ID,
      desired: stub.DesiredStatus,
      client: stub.ClientStatus,
      restarts: stub.TaskStates?.t?.Restarts ?? 0,
      events: stub.TaskStates?.t?.Events.map(({ Type }) => Type) ?? [],
    }));
  };
  return {
    agent,
    tasks,
    async running() {
      const filters = { label: [`io.nomad-ts.node=${agent.nodeId()}`] };
      const found = await engine.docker.listContainers({ filters });
      const infos = await Promise.all(
        found.map(({ Id }) => engine.docker.getContainer(Id).inspect()),
      );
      return infos.map(({ Id, State }) => `${Id} ${State.StartedAt}`).toSorted();
    },
    async fill(count, options = {}) {
      writeFileSync(join(agent.jobsDir, "web.nomad"), sleeper("web", { count, ...options }));
      await until(
        `${count} tasks to run`,
        async () => {
          const seen = await tasks();
          return seen.length === count && seen.every(({ client }) => client === "running");
        },
        { timeoutMs: 60_000 },
      );
    },
    async waits() {
      await until("a task to wait for its restart", async () => {
        const seen = await agent.get<Stub[]>("/v1/allocations");
        return seen.some(({ TaskStates }) => TaskStates?.t?.State === "pending");
      });
    },
    async driverIs(healthy) {
      await until(
        `the driver to be ${healthy ? "healthy" : "unhealthy"}`,
        async () => {
          const node = await agent.get<{
            readonly Drivers: { readonly docker?: { readonly Healthy: boolean } };
          }>(`/v1/node/${agent.nodeId()}`);
          return node.Drivers.docker?.Healthy === healthy;
        },
        { timeoutMs: 90_000, pollMs: 200 },
      );
    },
    async delayDuring(work) {
      await readDelay();
      await work();
      return readDelay();
    },
    cleanUp: () => agent.cleanUp(),
  };
}

/** Every task is as it was: nothing stopped, replaced or restarted. */
export async function expectUntouched(bench: FaultBench, before: readonly string[]): Promise<void> {
  expect(await bench.running()).toEqual(before);
  const tasks = await bench.tasks();
  expect(tasks).toHaveLength(before.length);
  for (const task of tasks)
    expect(task).toMatchObject({ desired: "run", client: "running", restarts: 0 });
}

/** Every task was restarted so often in its place, each has one container, and none has been replaced. */
export async function expectRestarted(
  bench: FaultBench,
  count: number,
  times: number,
  containers = count,
): Promise<void> {
  const tasks = await until(
    "every task to run again",
    async () => {
      const seen = await bench.tasks();
      const running = await bench.running();
      const isBack = seen.every((task) => task.client === "running" && task.restarts >= times);
      return isBack && running.length >= containers ? seen : undefined;
    },
    // Far below the delay of the policy.
    { timeoutMs: 60_000 },
  );
  expect(tasks).toHaveLength(count);
  for (const task of tasks)
    expect(task).toMatchObject({ desired: "run", client: "running", restarts: times });
  expect(await bench.running()).toHaveLength(containers);
}

/** The time that a fault lasts, with nothing else to wait for. */
export const lasting = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** Stopped and started as by an upgrade, once each way; answers how long the steps of the agent's event loop were. */
export async function upgradeKeeping(engine: PrivateEngine, bench: FaultBench): Promise<number> {
  const before = await bench.running();
  const { p99Ms } = await bench.delayDuring(async () => {
    await engine.stop();
    await bench.driverIs(false);
    await engine.start({ liveRestore: true });
    await bench.driverIs(true);
  });
  await expectUntouched(bench, before);
  return p99Ms;
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sleeper } from "../support/job-files.ts";
import { containersOf, type LiveAgent, runningContainers } from "../support/live-agent.ts";
import { until } from "../support/until.ts";

export interface KillOutcome {
  readonly wasKilled: boolean;
  readonly running: number;
  /** Job versions of the allocations that run. */
  readonly versions: readonly number[];
  /** Containers of another job that were there before and are not the same afterwards. */
  readonly disturbed: readonly string[];
  /** Tasks with more than one running container. */
  readonly doubles: readonly string[];
}

interface Stub {
  readonly ClientStatus: string;
  readonly DesiredStatus: string;
  readonly JobVersion: number;
}

/** Kills the agent at a point of a rollout of 4 by 2, starts it again, and says what came of it. */
export async function killRound(
  agent: LiveAgent,
  failpoint: string,
  { ownNetworks = false }: { readonly ownNetworks?: boolean } = {},
): Promise<KillOutcome> {
  const extra = ownNetworks ? 'network { mode = "bridge" }' : "";
  const roll = { count: 4, maxParallel: 2, healthyTime: "200ms", extra };
  await agent.start();
  const path = join(agent.jobsDir, "roll.nomad");
  writeFileSync(join(agent.jobsDir, "calm.nomad"), sleeper("calm", { count: 2, extra }));
  writeFileSync(path, sleeper("roll", roll));
  await successful(agent, "calm", 0);
  await successful(agent, "roll", 0);
  const calm = await namesOf(agent, "calm");
  await agent.stop("SIGKILL");

  // Some points are passed already while it comes up.
  const isUp = await agent.start({ NOMAD_FAILPOINT: failpoint }).then(
    () => true,
    () => false,
  );
  writeFileSync(path, sleeper("roll", { ...roll, memory: 20 }));
  const wasKilled =
    !isUp ||
    (await Promise.race([
      agent.ended().then(() => true),
      successful(agent, "roll", 1).then(
        () => false,
        () => true,
      ),
    ]));
  await agent.stop("SIGKILL");
  await agent.start();
  await successful(agent, "roll", 1);
  const stubs = await until("only the wanted allocations to run", async () => {
    const all = await agent.get<Stub[]>("/v1/job/roll/allocations");
    const live = all.filter((stub) => stub.ClientStatus === "running");
    return live.every((stub) => stub.DesiredStatus === "run") && live.length === 4
      ? live
      : undefined;
  });
  const containers = await until("as many containers as allocations", async () => {
    const found = await runningContainers(agent);
    return found.length === (ownNetworks ? 12 : 6) ? found : undefined;
  });
  const names = containers.map((container) => container.name);
  const after = await namesOf(agent, "calm");
  return {
    wasKilled,
    running: stubs.length,
    versions: [...new Set(stubs.map((stub) => stub.JobVersion))],
    disturbed: calm.filter((one) => !after.includes(one)),
    doubles: names.filter((name, at) => names.indexOf(name) !== at),
  };
}

async function successful(agent: LiveAgent, job: string, version: number): Promise<void> {
  await until(`version ${version} of ${job} to be rolled out`, async () => {
    if (!agent.isRunning()) throw new Error("the agent is gone");
    const newest = await agent
      .get<{ readonly Status: string; readonly JobVersion: number } | null>(
        `/v1/job/${job}/deployment`,
      )
      .catch(() => null);
    return newest?.JobVersion === version && newest.Status === "successful";
  });
}

/** Identity and start time of a job's containers. */
async function namesOf(agent: LiveAgent, job: string): Promise<readonly string[]> {
  const stubs = await agent.get<{ readonly ID: string }[]>(`/v1/job/${job}/allocations`);
  const containers = await containersOf(agent);
  return containers
    .filter((one) => stubs.some((stub) => one.name.endsWith(stub.ID)))
    .map((one) => `${one.id} ${one.startedAt}`);
}

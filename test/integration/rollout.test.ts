import { afterAll, beforeAll, expect, test } from "vitest";
import { parseJob } from "../../src/jobspec/parse-job.ts";
import { sleeper } from "../support/job-files.ts";
import {
  containersOf,
  docker,
  liveAgent,
  type LiveAgent,
  type LiveContainer,
  runningContainers,
} from "../support/live-agent.ts";
import { until } from "../support/until.ts";

interface Stub {
  readonly ID: string;
  readonly ClientStatus: string;
  readonly DesiredStatus: string;
  readonly JobVersion: number;
  readonly ModifyIndex: number;
  readonly DeploymentStatus: { readonly Healthy: boolean | null } | null;
}
interface Deployment {
  readonly ID: string;
  readonly Status: string;
  readonly StatusDescription: string;
  readonly JobVersion: number;
}

let agent: LiveAgent;
beforeAll(async () => {
  agent = await liveAgent({ dev: true });
  await agent.start();
});
afterAll(() => agent.cleanUp());

async function register(text: string): Promise<void> {
  const parsed = parseJob(text, { file: "test" });
  if (!parsed.ok) throw new Error(parsed.diagnostics.map((one) => one.summary).join());
  const answer = await agent.send("PUT", "/v1/jobs", { Job: parsed.body });
  expect(answer).toMatchObject({ status: 200 });
}
const allocations = (id: string) => agent.get<Stub[]>(`/v1/job/${id}/allocations`);
const deployment = (id: string) => agent.get<Deployment | null>(`/v1/job/${id}/deployment`);
const finished = (id: string, version: number) =>
  until(`the deployment of version ${version} to end`, async () => {
    const newest = await deployment(id);
    return newest?.JobVersion === version && newest.Status !== "running" ? newest : undefined;
  });
const identity = (containers: readonly LiveContainer[]) =>
  containers.map(({ id, startedAt }) => `${id} ${startedAt}`);

test("a rolling update of 6 by 2 never has fewer than 4 healthy", async () => {
  await register(sleeper("roll", { count: 6, maxParallel: 2 }));
  expect((await finished("roll", 0)).Status).toBe("successful");
  const before = await runningContainers(agent);
  expect(before).toHaveLength(6);

  await register(sleeper("roll", { count: 6, maxParallel: 2, memory: 20 }));
  const counts: { readonly healthy: number; readonly running: number }[] = [];
  for (let isOver = false; !isOver;) {
    const newest = await deployment("roll");
    isOver = newest?.JobVersion === 1 && newest.Status !== "running";
    const healthy = (await allocations("roll")).filter(
      (one) =>
        one.ClientStatus === "running" &&
        one.DesiredStatus === "run" &&
        one.DeploymentStatus?.Healthy === true,
    );
    counts.push({ healthy: healthy.length, running: (await runningContainers(agent)).length });
  }
  expect((await finished("roll", 1)).Status).toBe("successful");
  expect(counts.length).toBeGreaterThan(20);
  expect(Math.min(...counts.map((count) => count.healthy))).toBeGreaterThanOrEqual(4);
  expect(Math.min(...counts.map((count) => count.running))).toBeGreaterThanOrEqual(4);
  expect(Math.max(...counts.map((count) => count.running))).toBeLessThanOrEqual(6);
  const after = await runningContainers(agent);
  expect(after).toHaveLength(6);
  expect(after.filter((one) => before.some((old) => old.id === one.id))).toEqual([]);
  await agent.send("DELETE", "/v1/job/roll");
  await until("all to stop", async () => (await runningContainers(agent)).length === 0);
});

test("count 1 to 3 restarts nothing, and the same file again changes nothing at all", async () => {
  await register(sleeper("count"));
  await finished("count", 0);
  const one = await runningContainers(agent);
  await register(sleeper("count", { count: 3 }));
  await finished("count", 1);
  const three = await runningContainers(agent);
  expect(three).toHaveLength(3);
  expect(identity(three)).toEqual(expect.arrayContaining(identity(one)));

  const stubs = await allocations("count");
  const job = await agent.get<{ readonly Version: number; readonly JobModifyIndex: number }>(
    "/v1/job/count",
  );
  await register(sleeper("count", { count: 3 }));
  await until("the evaluation of the same job", async () => {
    const evaluations = await agent.get<
      { readonly Status: string; readonly TriggeredBy: string }[]
    >("/v1/job/count/evaluations");
    return (
      evaluations.filter((all) => all.TriggeredBy === "job-register" && all.Status === "complete")
        .length === 3
    );
  });
  expect(await agent.get("/v1/job/count")).toMatchObject({
    Version: job.Version,
    JobModifyIndex: job.JobModifyIndex,
  });
  expect(await allocations("count")).toEqual(stubs);
  expect(identity(await runningContainers(agent))).toEqual(identity(three));
  await agent.send("DELETE", "/v1/job/count?purge=true");
  await until("all to stop", async () => (await runningContainers(agent)).length === 0);
});

test("a container that is killed by hand comes back by its restart policy", async () => {
  await register(sleeper("hand"));
  await finished("hand", 0);
  const [victim] = await runningContainers(agent);
  await docker.getContainer(victim?.id ?? "").kill();
  await until("another container", async () => {
    const [now] = await runningContainers(agent);
    return now !== undefined && now.id !== victim?.id;
  });
  const [stub] = await allocations("hand");
  const read = await agent.get<{
    readonly TaskStates: {
      readonly t: { readonly Restarts: number; readonly Events: { readonly Type: string }[] };
    };
  }>(`/v1/allocation/${stub?.ID}`);
  expect(read.TaskStates.t.Restarts).toBe(1);
  expect(read.TaskStates.t.Events.map((event) => event.Type)).toEqual(
    expect.arrayContaining(["Terminated", "Restarting", "Started"]),
  );
  await agent.send("DELETE", "/v1/job/hand?purge=true");
  await until("all to stop", async () => (await runningContainers(agent)).length === 0);
});

test("a new version that cannot live fails its deployment, and the old ones stay", async () => {
  const noReschedule = "reschedule { attempts = 0  unlimited = false }".replace("  ", "\n");
  const extra = noReschedule.replace("{ ", "{\n").replace(" }", "\n}");
  await register(sleeper("bad", { count: 3, extra }));
  await finished("bad", 0);
  const before = await runningContainers(agent);
  await register(
    sleeper("bad", { count: 3, extra, command: "exit 3" }).replace("attempts = 3", "attempts = 0"),
  );
  const failed = await finished("bad", 1);
  expect([failed.Status, failed.StatusDescription]).toEqual([
    "failed",
    "Failed due to unhealthy allocations",
  ]);
  const after = await runningContainers(agent);
  expect(after).toHaveLength(2);
  expect(identity(before)).toEqual(expect.arrayContaining(identity(after)));
  await agent.send("DELETE", "/v1/job/bad?purge=true");
  await until("all to stop", async () => (await runningContainers(agent)).length === 0);
});

test("what does not fit waits blocked with the published reasons, and is taken up when there is room", async () => {
  await register(sleeper("first", { memory: 6000 }));
  await finished("first", 0);
  await register(sleeper("second", { memory: 6000 }));
  const blocked = await until("a blocked evaluation", async () => {
    const all = await agent.get<
      { readonly Status: string; readonly FailedTGAllocs?: { readonly g: object } }[]
    >("/v1/job/second/evaluations");
    return all.some((one) => one.Status === "blocked")
      ? all.find((one) => one.FailedTGAllocs !== undefined)
      : undefined;
  });
  expect(blocked.FailedTGAllocs?.g).toMatchObject({
    NodesExhausted: 1,
    DimensionExhausted: { memory: 1 },
  });
  await agent.send("DELETE", "/v1/job/first?purge=true");
  await until("the second to run", async () =>
    (await allocations("second")).some((one) => one.ClientStatus === "running"),
  );
  await register(sleeper("nowhere").replace('group "g"', 'datacenters = ["mars"]\n group "g"'));
  const nowhere = await until("an evaluation of the job without a datacenter", async () => {
    const all = await agent.get<
      { readonly FailedTGAllocs?: { readonly g: { readonly NodesAvailable: object } } }[]
    >("/v1/job/nowhere/evaluations");
    return all.find((one) => one.FailedTGAllocs !== undefined);
  });
  expect(nowhere.FailedTGAllocs?.g.NodesAvailable).toEqual({ mars: 0 });
  expect(await containersOf(agent)).not.toEqual([]);
});

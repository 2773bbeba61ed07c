import { request } from "node:http";
import { containersOf, docker } from "../test/support/live-agent.ts";
import { until } from "../test/support/until.ts";
import { register, sleepJob } from "./support/bench-job.ts";
import { measuredAgent, type MeasuredAgent } from "./support/measured-agent.ts";
import { makeNodeImage, nodeImage, removeNodeImage } from "./support/node-image.ts";
import { figure, median, ratio, seconds } from "./support/report.ts";

/** What a node owes its tasks: back soon after a kill, little memory each, and a rollout that no caller notices. */
export async function benchNode(): Promise<void> {
  const agent = await measuredAgent({ dev: false });
  try {
    await killedContainers(agent, 5);
    await memoryOfContainers(agent, 10, 50);
    await rolloutUnderLoad(agent);
  } finally {
    await agent.cleanUp();
  }
}

interface Stub {
  readonly ID: string;
  readonly ClientStatus: string;
  readonly DesiredStatus: string;
  readonly JobVersion: number;
}

async function running(agent: MeasuredAgent, job: string, count: number, version = 0) {
  return until(
    `${count} of ${job} to run`,
    async () => {
      const stubs = await agent.get<Stub[]>(`/v1/job/${job}/allocations`);
      const live = stubs.filter(
        (stub) =>
          stub.ClientStatus === "running" &&
          stub.DesiredStatus === "run" &&
          stub.JobVersion === version,
      );
      return live.length === count && live;
    },
    { timeoutMs: 180_000, pollMs: 100 },
  );
}

async function gone(agent: MeasuredAgent, job: string): Promise<void> {
  await agent.send("DELETE", `/v1/job/${job}?purge=true`);
  await until("its containers to be gone", async () => (await containersOf(agent)).length === 0, {
    timeoutMs: 120_000,
    pollMs: 200,
  });
}

/** From the end of a killed container, by the engine's word, to the start of the next one, less the policy's delay. */
async function killedContainers(agent: MeasuredAgent, times: number): Promise<void> {
  const RestartPolicy = { Attempts: 100, Interval: 3_600e9, Delay: 1e9, Mode: "fail" };
  await register(agent, withGroup(sleepJob("killed", 1), { RestartPolicy }));
  const [stub] = await running(agent, "killed", 1);
  const over: number[] = [];
  for (let time = 0; time < times; time++) {
    const [before] = (await containersOf(agent)).filter((one) => one.isRunning);
    if (!stub || !before) throw new Error("nothing to kill");
    const events = docker.getEvents({ filters: { container: [before.id], event: ["die"] } });
    await docker.getContainer(before.id).kill();
    const diedMs = await firstEvent(await events);
    const next = await until("the next container", async () =>
      (await containersOf(agent)).find((one) => one.isRunning && one.id !== before.id),
    );
    const { TaskStates } = await agent.get<{
      TaskStates: { task: { Events: { Type: string; Details: { start_delay?: string } }[] } };
    }>(`/v1/allocation/${stub.ID}`);
    const told = TaskStates.task.Events.findLast(({ Type }) => Type === "Restarting");
    const delayMs = Number(told?.Details.start_delay ?? 0) / 1e6;
    over.push(Date.parse(next.startedAt) - diedMs - delayMs);
  }
  figure({
    what: "a killed container is back, beyond the policy's delay",
    value: seconds(median(over)),
    beside: `worst of ${times}: ${seconds(Math.max(...over))}`,
    aim: "0.5 s",
  });
  await gone(agent, "killed");
}

async function firstEvent(stream: NodeJS.ReadableStream): Promise<number> {
  for await (const line of stream) {
    const { timeNano } = JSON.parse(String(line)) as { timeNano: number };
    return timeNano / 1e6;
  }
  throw new Error("the engine told nothing");
}

async function memoryOfContainers(agent: MeasuredAgent, few: number, many: number): Promise<void> {
  const at = async (count: number): Promise<number> => {
    await register(agent, sleepJob("many", count));
    await running(agent, "many", count, count === few ? 0 : 1);
    await sleep(20_000);
    return agent.memory().ownMb;
  };
  const [before, after] = [await at(few), await at(many)];
  figure({
    what: "private memory for each further container",
    value: `${((after - before) / (many - few)).toFixed(2)} MB`,
    beside: `${before.toFixed(0)} MB with ${few}, ${after.toFixed(0)} MB with ${many}`,
    aim: "1 MB",
  });
  figure({
    what: `processes with ${many} containers`,
    value: String(agent.processCount()),
    aim: "1",
  });
  await gone(agent, "many");
}

const wantedRate = 1_000;

/** Two instances are replaced one by one, while a client that follows the catalogue asks them all the time. */
async function rolloutUnderLoad(agent: MeasuredAgent): Promise<void> {
  await makeNodeImage();
  await register(agent, webJob("one"));
  await running(agent, "web", 2);
  const resolver = await followCatalogue(agent);
  const load = startLoad(resolver.pick);
  try {
    await sleep(2_000);
    await register(agent, webJob("two"));
    await running(agent, "web", 2, 1);
    await sleep(3_000);
  } finally {
    await resolver.stop();
  }
  const { asked, faults, tookMs } = await load.stop();
  figure({
    what: "failed requests in a rollout of two instances",
    value: [...faults].map(([fault, times]) => `${times} ${fault}`).join(", ") || "0",
    beside: `${asked} asked, ${((asked / tookMs) * 1000).toFixed(0)} a second: ${ratio(asked / tookMs, wantedRate / 1000)} of the wanted rate`,
    aim: "0",
  });
  await gone(agent, "web");
  await removeNodeImage();
}

interface Place {
  readonly Address: string;
  readonly Port: number;
}

/** Blocking queries, as a resolver beside the callers would have them. */
async function followCatalogue(agent: MeasuredAgent) {
  let places: readonly Place[] = [];
  let [index, turn] = ["0", 0];
  const state = { isOver: false };
  const look = async (): Promise<void> => {
    const answer = await fetch(`${agent.address}/v1/service/web?index=${index}&wait=5s`);
    index = answer.headers.get("x-nomad-index") ?? "0";
    places = (await answer.json()) as Place[];
  };
  await until("both instances to be in the catalogue", async () => {
    await look();
    return places.length === 2;
  });
  const following = (async () => {
    while (!state.isOver) await look();
  })();
  return {
    pick: (): Place | undefined => places[turn++ % Math.max(1, places.length)],
    stop: async (): Promise<void> => {
      state.isOver = true;
      await following;
    },
  };
}

function startLoad(pick: () => Place | undefined) {
  const beforeMs = performance.now();
  let asked = 0;
  const faults = new Map<string, number>();
  const open = new Set<Promise<void>>();
  const tick = setInterval(() => {
    const due = ((performance.now() - beforeMs) / 1000) * wantedRate;
    while (asked < due) {
      asked++;
      const work = (async () => {
        const fault = await ask(pick());
        if (fault !== undefined) faults.set(fault, (faults.get(fault) ?? 0) + 1);
      })().finally(() => open.delete(work));
      open.add(work);
    }
  }, 5);
  return {
    async stop() {
      clearInterval(tick);
      const tookMs = performance.now() - beforeMs;
      await Promise.all(open);
      return { asked, faults, tookMs };
    },
  };
}

/** A connection of its own each time, as a caller without a pool has it; answers what went wrong. */
function ask(place: Place | undefined): Promise<string | undefined> {
  if (!place) return Promise.resolve("nobody in the catalogue");
  const { Address: host, Port: port } = place;
  return new Promise((resolve) => {
    const call = request({ host, port, path: "/", agent: false, timeout: 5_000 }, (answer) => {
      answer.resume();
      answer.once("end", () =>
        resolve(answer.statusCode === 200 ? undefined : `status ${answer.statusCode}`),
      );
      answer.once("error", (error) => resolve(error.message));
    });
    call.once("timeout", () => call.destroy(new Error("no answer")));
    call.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    call.end();
  });
}

/** Serves one small page; it leaves the catalogue two seconds before it is stopped. */
function webJob(word: string): object {
  const serve = `require("node:http").createServer((_, answer) => answer.end("hello")).listen(80)`;
  const update = {
    MaxParallel: 1,
    MinHealthyTime: 1e9,
    HealthyDeadline: 60e9,
    ProgressDeadline: 120e9,
    HealthCheck: "checks",
  };
  const check = { Type: "http", Path: "/", Interval: 1e9, Timeout: 2e9 };
  const job = withGroup(sleepJob("web", 2, { word, update, memoryMb: 256 }), {
    ShutdownDelay: 2e9,
    Networks: [{ DynamicPorts: [{ Label: "http", To: 80 }] }],
    Services: [{ Name: "web", PortLabel: "http", Provider: "nomad", Checks: [check] }],
  }) as { Job: { TaskGroups: { Tasks: { Config: object }[] }[] } };
  const [task] = job.Job.TaskGroups[0]?.Tasks ?? [];
  if (!task) throw new Error("the job has no task");
  const command = process.execPath;
  task.Config = { image: nodeImage, command, args: ["-e", serve], ports: ["http"] };
  return job;
}

function withGroup(body: object, fields: object): object {
  const { Job } = body as { Job: { TaskGroups: object[] } };
  return { Job: { ...Job, TaskGroups: Job.TaskGroups.map((group) => ({ ...group, ...fields })) } };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

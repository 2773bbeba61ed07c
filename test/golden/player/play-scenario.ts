import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { docker, liveAgent } from "../../support/live-agent.ts";
import { until } from "../../support/until.ts";
import { type Answers, scenarioDifferences } from "./compare-scenario.ts";
import { observe, type ObserveStep, type Row } from "./observe.ts";
import type { CaseResult } from "./play-api.ts";
import { dataDir, World } from "./world.ts";

type Step =
  | {
      readonly do: "register";
      readonly file: string;
      readonly params?: Row;
      readonly enforceCurrent?: boolean;
      readonly status?: number;
    }
  | { readonly do: "deregister"; readonly job: string; readonly purge?: boolean }
  | {
      readonly do: "request";
      readonly method: string;
      readonly path: string;
      readonly body?: unknown;
    }
  | { readonly do: "docker-kill"; readonly alloc: string; readonly task: string }
  | {
      readonly do: "docker-exec";
      readonly alloc: string;
      readonly task: string;
      readonly argv: readonly string[];
    }
  | { readonly do: "sleep"; readonly ms: number }
  | ({ readonly do: "observe" } & ObserveStep)
  | ({ readonly do: "wait" } & Wait);

interface Wait {
  readonly for:
    | "allocs"
    | "deployment"
    | "deployment-group"
    | "job"
    | "children"
    | "request"
    | "settled";
  readonly job?: string;
  readonly status?: string | number;
  readonly version?: number;
  readonly group?: string;
  readonly where?: Row;
  readonly count?: number;
  readonly path?: string;
  readonly contains?: string;
  readonly quiet?: number;
  readonly pendingOk?: boolean;
  readonly ms?: number;
}

const folder = join(dataDir, "scenario");
const agentFile = join(folder, "agent.hcl");

export const scenarios = (): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();

const readJson = (...parts: readonly string[]): unknown =>
  JSON.parse(readFileSync(join(folder, ...parts), "utf8"));

/** Each has an agent and containers of its own, and mostly waits. */
const atOnce = 3;

/** Plays them a few at a time; the results come sorted by name. */
export async function playScenarios(names: readonly string[]): Promise<readonly CaseResult[]> {
  const waiting = [...names];
  const results: CaseResult[] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
        results.push(await playScenario(name));
    }),
  );
  return results.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Plays one on an agent of its own and compares everything that was recorded of it. */
async function playScenario(name: string): Promise<CaseResult> {
  const agent = await liveAgent({ dev: true, configFiles: [agentFile] });
  try {
    await agent.start();
    return { name, faults: await faultsOf(new World(agent), name) };
  } catch (thrown) {
    return { name, faults: [thrown instanceof Error ? thrown.message : String(thrown)] };
  } finally {
    await agent.cleanUp();
  }
}

async function faultsOf(world: World, name: string): Promise<readonly string[]> {
  const { steps } = readJson(name, "steps.json") as { readonly steps: readonly Step[] };
  const answers = readJson(name, "answers.json") as Answers;
  const responses = new Map<number, { readonly status: number; readonly text: string }>();
  const observations = new Map<string, Row>();
  for (const [at, step] of steps.entries()) {
    if (step.do === "observe") observations.set(step.name, await observe(world, step));
    else {
      const answer = await act(world, name, step);
      if (answer !== undefined) responses.set(at, answer);
    }
  }
  return scenarioDifferences(answers, { responses, observations }).map(
    ({ path, expected, actual }) => `${path}: ${short(actual)}, wanted ${short(expected)}`,
  );
}

const short = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 140);

async function act(
  world: World,
  scenario: string,
  step: Exclude<Step, { do: "observe" }>,
): Promise<{ readonly status: number; readonly text: string } | undefined> {
  switch (step.do) {
    case "register":
      return register(world, scenario, step);
    case "deregister":
      return world.ask("DELETE", `/v1/job/${step.job}${step.purge === true ? "?purge=true" : ""}`);
    case "request": {
      const body =
        step.body === undefined ? {} : { body: await world.fill(JSON.stringify(step.body)) };
      return world.ask(step.method, await world.fill(step.path), body);
    }
    case "docker-kill":
      await (await container(world, step)).kill();
      return undefined;
    case "docker-exec": {
      const exec = await (await container(world, step)).exec({ Cmd: [...step.argv] });
      await exec.start({ Detach: true });
      return undefined;
    }
    case "sleep":
      await new Promise((resolve) => setTimeout(resolve, step.ms));
      return undefined;
    case "wait":
      await waitFor(world, step);
      return undefined;
    default:
      return step satisfies never;
  }
}

async function register(
  world: World,
  scenario: string,
  step: Extract<Step, { do: "register" }>,
): Promise<{ readonly status: number; readonly text: string }> {
  const body = readJson(scenario, step.file) as { readonly Job: { readonly ID: string } };
  const current =
    step.enforceCurrent === true
      ? await world.json<{ JobModifyIndex: number }>(`/v1/job/${body.Job.ID}`)
      : undefined;
  const enforce =
    current === undefined ? {} : { EnforceIndex: true, JobModifyIndex: current.JobModifyIndex };
  return world.ask("PUT", "/v1/jobs", {
    body: JSON.stringify({ ...body, ...step.params, ...enforce }),
  });
}

async function container(
  world: World,
  step: { readonly alloc: string; readonly task: string },
): Promise<ReturnType<typeof docker.getContainer>> {
  const allocation = await world.allocation(step.alloc);
  return docker.getContainer(`${step.task}-${allocation?.ID ?? ""}`);
}

async function waitFor(world: World, wait: Wait): Promise<void> {
  const holds = wait.for === "settled" ? settled(world, wait) : () => isSo(world, wait);
  await until(`${wait.for} of ${wait.job ?? wait.path ?? ""}`, holds, {
    timeoutMs: wait.ms ?? 60_000,
    pollMs: 150,
  });
}

async function isSo(world: World, wait: Wait): Promise<boolean> {
  const job = `/v1/job/${wait.job ?? ""}`;
  switch (wait.for) {
    case "allocs": {
      const all = await world.json<Row[]>(`${job}/allocations?all=true`);
      return all.filter((one) => matches(one, wait.where)).length === wait.count;
    }
    case "deployment":
    case "deployment-group": {
      const newest = await world.json<
        (Row & { readonly TaskGroups: { readonly [group: string]: Row } }) | null
      >(`${job}/deployment`);
      if (newest === null) return false;
      if (wait.version !== undefined && newest["JobVersion"] !== wait.version) return false;
      const group = newest.TaskGroups[wait.group ?? ""];
      return wait.for === "deployment"
        ? newest["Status"] === wait.status
        : group !== undefined && matches(group, wait.where);
    }
    case "job":
      return (await world.json<Row>(job))["Status"] === wait.status;
    case "children": {
      const all = await world.json<Row[]>("/v1/jobs");
      const own = all.filter((one) => one["ParentID"] === wait.job);
      return own.filter((one) => matches(one, wait.where)).length === wait.count;
    }
    case "request": {
      const answer = await world.ask("GET", await world.fill(wait.path ?? ""));
      return answer.status === (wait.status ?? 200) && answer.text.includes(wait.contains ?? "");
    }
    case "settled":
      throw new Error("this one looks more than once");
    default:
      return wait.for satisfies never;
  }
}

const matches = (row: Row, where: Row | undefined): boolean =>
  Object.entries(where ?? {}).every(([path, wanted]) => {
    let value: unknown = row;
    for (const key of path.split("."))
      value = typeof value === "object" && value !== null ? (value as Row)[key] : undefined;
    return value === wanted;
  });

/** Nothing of the job has changed for so long. */
function settled(world: World, wait: Wait): () => Promise<boolean> {
  let last = "";
  let since = performance.now();
  return async () => {
    const path = `/v1/job/${wait.job ?? ""}`;
    const [evaluations, allocations, deployments] = await Promise.all([
      world.json<Row[]>(`${path}/evaluations`),
      world.json<Row[]>(`${path}/allocations?all=true`),
      world.json<Row[]>(`${path}/deployments?all=true`),
    ]);
    const all = [...evaluations, ...allocations, ...deployments];
    const now = JSON.stringify(all.map((one) => [one["ID"], one["ModifyIndex"]]));
    if (now !== last) since = performance.now();
    last = now;
    const isPending = evaluations.some((one) => one["Status"] === "pending");
    return (
      (wait.pendingOk === true || !isPending) && performance.now() - since >= (wait.quiet ?? 1500)
    );
  };
}

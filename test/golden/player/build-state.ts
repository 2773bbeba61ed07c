import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../support/until.ts";
import { dataDir, type World } from "./world.ts";

interface Step {
  readonly do: "request" | "register" | "wait" | "quiet";
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly file?: string;
  readonly job?: string;
  readonly namespace?: string;
  readonly child?: string;
  readonly deployment?: string;
  readonly version?: number;
  readonly status?: string;
  readonly healthy?: number;
  readonly ms?: number;
}

/** Builds the rich state of `golden/state`. What the agent cannot do yet is told and passed over. */
export async function buildState(world: World, note: (text: string) => void): Promise<void> {
  const { steps } = JSON.parse(readFileSync(join(dataDir, "state", "setup.json"), "utf8")) as {
    readonly steps: readonly Step[];
  };
  const missing = new Set<string>();
  for (const step of steps) {
    const failure = await play(world, step, missing).catch((thrown: unknown) => String(thrown));
    if (failure !== undefined)
      note(`${step.do} ${step.path ?? step.file ?? step.job ?? step.child ?? ""}: ${failure}`);
  }
}

async function play(world: World, step: Step, missing: Set<string>): Promise<string | undefined> {
  switch (step.do) {
    case "request": {
      const body = step.body === undefined ? {} : { body: JSON.stringify(step.body) };
      const answer = await world.ask(step.method ?? "GET", step.path ?? "", body);
      if (answer.status < 300) return undefined;
      const parent = /^\/v1\/job\/(\w+)\/(?:periodic|dispatch)/.exec(step.path ?? "")?.[1];
      if (parent !== undefined) missing.add(parent);
      return `${answer.status} ${answer.text.slice(0, 120)}`;
    }
    case "register": {
      const answer = await world.ask("PUT", "/v1/jobs", {
        body: JSON.stringify(registration(world, step.file ?? "")),
      });
      return answer.status === 200 ? undefined : `${answer.status} ${answer.text.slice(0, 200)}`;
    }
    case "wait":
      if (step.child !== undefined && missing.has(step.child))
        return "there is no child to wait for";
      await until(`state of ${step.job ?? step.child ?? ""}`, () => holds(world, step), {
        timeoutMs: 20_000,
        pollMs: 100,
      });
      return undefined;
    case "quiet":
      await quiet(world, step.ms ?? 3000);
      return undefined;
    default:
      return step.do satisfies never;
  }
}

/** As the command line registers a file: with its text. */
function registration(world: World, file: string): object {
  const Source = readFileSync(join(dataDir, "state", file), "utf8");
  return {
    Job: world.job(file),
    Submission: { Source, Format: "hcl2", VariableFlags: null, Variables: "" },
  };
}

async function holds(world: World, step: Step): Promise<boolean> {
  const namespace = step.namespace === undefined ? "" : `?namespace=${step.namespace}`;
  if (step.child !== undefined) {
    const jobs =
      await world.json<{ readonly ParentID: string; readonly Status: string }[]>("/v1/jobs");
    return jobs.some((job) => job.ParentID === step.child && job.Status === step.status);
  }
  if (step.deployment !== undefined || step.healthy !== undefined) {
    const newest = await world.json<{
      readonly Status: string;
      readonly JobVersion: number;
      readonly TaskGroups: { readonly [group: string]: { readonly HealthyAllocs: number } };
    } | null>(`/v1/job/${step.job}/deployment${namespace}`);
    if (newest === null || newest.JobVersion !== step.version) return false;
    if (step.healthy === undefined) return newest.Status === step.deployment;
    return Object.values(newest.TaskGroups).some(
      (group) => group.HealthyAllocs >= (step.healthy ?? 0),
    );
  }
  return (
    (await world.json<{ readonly Status: string }>(`/v1/job/${step.job}`)).Status === step.status
  );
}

/** Nothing has changed for so long. */
async function quiet(world: World, ms: number): Promise<void> {
  let last = "";
  let since = performance.now();
  await until(
    "quiet",
    async () => {
      const [evaluations, allocations] = await Promise.all([
        world.ask("GET", "/v1/evaluations?namespace=*"),
        world.ask("GET", "/v1/allocations?namespace=*"),
      ]);
      const now = `${evaluations.headers["x-nomad-index"]} ${allocations.headers["x-nomad-index"]}`;
      if (now !== last) since = performance.now();
      last = now;
      return performance.now() - since >= ms;
    },
    { timeoutMs: 30_000, pollMs: 200 },
  );
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../support/until.ts";
import { apiCases, type CaseResult, playApiCase } from "./play-api.ts";
import { bodyText } from "./request-body.ts";
import { dataDir, type World } from "./world.ts";

interface WriteStep {
  readonly seq: number;
  readonly name: string;
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  /** What to wait for before the next one. */
  readonly then?: Then;
  readonly blockedRequest?: string;
  readonly while?: string;
}
interface Then {
  readonly ms?: number;
  readonly job?: string;
  readonly children?: string;
  readonly count?: number;
  readonly deployment?: string;
  readonly version?: number;
  readonly status?: string;
}

/** Plays every write in order, those without a recorded answer as well, and answers how the recorded ones went. */
export async function playWrites(
  world: World,
  note: (text: string) => void,
): Promise<readonly CaseResult[]> {
  const steps = JSON.parse(
    readFileSync(join(dataDir, "api", "sequence.json"), "utf8"),
  ) as readonly WriteStep[];
  const cases = new Map(apiCases("write").map((one) => [one.name, one]));
  const results: CaseResult[] = [];
  for (const step of steps) {
    const recorded = cases.get(step.name);
    const result = recorded === undefined ? undefined : await playApiCase(world, recorded);
    if (result !== undefined) results.push(result);
    const isRefused =
      result === undefined
        ? !(await sendOnly(world, step))
        : result.faults.some((fault) => fault.startsWith("status"));
    if (step.then === undefined || isRefused) continue;
    const { then } = step;
    const failure = await waitFor(world, then).catch((thrown: unknown) => String(thrown));
    if (failure !== undefined) note(`${step.name}: ${failure}`);
  }
  return results;
}

/** Whether it was taken. What it answers is not recorded. */
async function sendOnly(world: World, step: WriteStep): Promise<boolean> {
  return send(world, step).catch(() => false);
}

async function send(world: World, step: WriteStep): Promise<boolean> {
  if (step.while !== undefined) return true;
  const blocked =
    step.blockedRequest === undefined
      ? undefined
      : world.ask("GET", await world.fill(step.blockedRequest));
  const body = await bodyText(world, step.request.body);
  const path = await world.fill(step.request.path);
  const answer = await world.ask(step.request.method, path, body === undefined ? {} : { body });
  await blocked;
  return answer.status < 300;
}

async function waitFor(world: World, then: Then): Promise<undefined> {
  if (then.ms === undefined)
    await until(JSON.stringify(then), () => holds(world, then), {
      timeoutMs: 20_000,
      pollMs: 100,
    });
  else
    await new Promise<void>((resolve) => {
      setTimeout(resolve, then.ms);
    });
}

async function holds(world: World, then: Then): Promise<boolean> {
  if (then.children !== undefined) {
    const jobs =
      await world.json<{ readonly ParentID: string; readonly Status: string }[]>("/v1/jobs");
    const children = jobs.filter((job) => job.ParentID === then.children);
    return children.length >= (then.count ?? 1) && children.every((job) => job.Status === "dead");
  }
  if (then.deployment !== undefined) {
    const newest = await world.json<{
      readonly Status: string;
      readonly JobVersion: number;
    } | null>(`/v1/job/${then.deployment}/deployment`);
    return newest?.JobVersion === then.version && newest?.Status === then.status;
  }
  const { Status } = await world.json<{ readonly Status: string }>(`/v1/job/${then.job}`);
  return Status === then.status;
}

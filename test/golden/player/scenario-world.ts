import { readFileSync } from "node:fs";
import { join } from "node:path";
import { docker } from "../../support/live-agent.ts";
import { until } from "../../support/until.ts";
import { type AllocationStub, dataDir, World } from "./world.ts";

type Fields = { readonly [key: string]: unknown };
export interface Stamped {
  readonly ID: string;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
  readonly CreateTime: number;
  readonly Status: string;
}
export interface ChildStub extends Stamped {
  readonly ParentID: string;
}
export interface ScenarioStep {
  readonly do:
    | "register"
    | "deregister"
    | "request"
    | "docker-kill"
    | "docker-exec"
    | "sleep"
    | "wait"
    | "observe";
  readonly file?: string;
  readonly params?: Fields;
  readonly enforceCurrent?: boolean;
  readonly job?: string;
  readonly purge?: boolean;
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly alloc?: string;
  readonly task?: string;
  readonly argv?: readonly string[];
  readonly ms?: number;
  readonly name?: string;
  readonly full?: boolean;
  readonly children?: boolean;
  readonly node?: boolean;
  readonly get?: { readonly [name: string]: string };
  readonly for?:
    | "allocs"
    | "deployment"
    | "deployment-group"
    | "job"
    | "children"
    | "request"
    | "settled";
  readonly where?: Fields;
  readonly count?: number;
  readonly status?: string | number;
  readonly version?: number;
  readonly group?: string;
  readonly contains?: string;
  readonly quiet?: number;
  readonly pendingOk?: boolean;
}

/** Acts on the agent, and waits on it, as the steps of a scenario say. */
export class ScenarioWorld extends World {
  readonly folder: (file: string) => string;

  constructor(agent: World["agent"], scenario: string) {
    super(agent);
    this.folder = (file) => join(dataDir, "scenario", scenario, file);
  }

  /** A scenario means the newest child, not the first. */
  override async fill(text: string): Promise<string> {
    const [whole, job] = /\{child:([^{}]*)\}/.exec(text) ?? [];
    if (whole === undefined || job === undefined) return super.fill(text);
    const newest = (await this.children(job)).at(-1);
    if (newest === undefined) throw new Error(`nothing here is ${whole}`);
    return this.fill(text.replace(whole, newest.ID));
  }

  /** Oldest first. */
  async children(job: string): Promise<readonly ChildStub[]> {
    const all = await this.json<ChildStub[]>("/v1/jobs");
    return all
      .filter((one) => one.ParentID === job)
      .toSorted((a, b) => a.CreateIndex - b.CreateIndex);
  }

  async registration(step: ScenarioStep): Promise<Fields> {
    const body = JSON.parse(readFileSync(this.folder(step.file ?? ""), "utf8")) as {
      readonly Job: { readonly ID: string };
    };
    if (step.enforceCurrent !== true) return { ...body, ...step.params };
    const { JobModifyIndex } = await this.json<{ readonly JobModifyIndex: number }>(
      `/v1/job/${encodeURIComponent(body.Job.ID)}`,
    );
    return { ...body, EnforceIndex: true, JobModifyIndex, ...step.params };
  }

  /** Kills the container of a task, or runs a command in it. */
  async touchContainer(step: ScenarioStep): Promise<void> {
    const id = (await this.allocation(step.alloc ?? ""))?.ID ?? "";
    const container = docker.getContainer(`${step.task}-${id}`);
    if (step.do === "docker-kill") {
      await container.kill();
      return;
    }
    const exec = await container.exec({ Cmd: [...(step.argv ?? [])] });
    await exec.start({ Detach: true });
  }

  async wait(step: ScenarioStep): Promise<void> {
    const settled = { seen: "", since: performance.now() };
    await until(
      `${step.for} ${step.job ?? step.path ?? ""} ${JSON.stringify(step.where ?? step.status ?? "")}`,
      () => (step.for === "settled" ? this.#isSettled(step, settled) : this.#holds(step)),
      { timeoutMs: step.ms ?? 60_000, pollMs: 150 },
    );
  }

  async #holds(step: ScenarioStep): Promise<boolean> {
    const job = encodeURIComponent(await this.fill(step.job ?? ""));
    switch (step.for) {
      case "allocs": {
        const all = await this.json<AllocationStub[]>(`/v1/job/${job}/allocations?all=true`);
        return all.filter((one) => matches(one, step.where)).length === step.count;
      }
      case "deployment":
      case "deployment-group": {
        const newest = await this.json<{
          readonly Status: string;
          readonly JobVersion: number;
          readonly TaskGroups: { readonly [group: string]: unknown };
        } | null>(`/v1/job/${job}/deployment`);
        if (newest === null) return false;
        if (step.version !== undefined && newest.JobVersion !== step.version) return false;
        return step.for === "deployment"
          ? newest.Status === step.status
          : matches(newest.TaskGroups[step.group ?? ""], step.where);
      }
      case "job": {
        const answer = await this.ask("GET", `/v1/job/${job}`);
        return answer.status === 200 && matches(JSON.parse(answer.text), { Status: step.status });
      }
      case "children": {
        const all = await this.children(step.job ?? "");
        return all.filter((one) => matches(one, step.where)).length === step.count;
      }
      case "request": {
        const answer = await this.ask("GET", await this.fill(step.path ?? ""));
        return answer.status === (step.status ?? 200) && answer.text.includes(step.contains ?? "");
      }
      case "settled":
      case undefined:
        throw new Error(`a wait for ${step.for} has no condition`);
      default:
        return step.for satisfies never;
    }
  }

  async #isSettled(step: ScenarioStep, settled: { seen: string; since: number }): Promise<boolean> {
    const job = encodeURIComponent(await this.fill(step.job ?? ""));
    const [evaluations, ...others] = await Promise.all(
      ["evaluations", "allocations?all=true", "deployments?all=true"].map((list) =>
        this.json<Stamped[]>(`/v1/job/${job}/${list}`),
      ),
    );
    const seen = [evaluations, ...others].flat().map((one) => `${one?.ID} ${one?.ModifyIndex}`);
    const now = seen.toSorted().join("\n");
    const isPending = evaluations?.some((one) => one.Status === "pending") ?? false;
    if (now !== settled.seen || (isPending && step.pendingOk !== true)) {
      settled.seen = now;
      settled.since = performance.now();
    }
    return performance.now() - settled.since >= (step.quiet ?? 1500);
  }
}

/** Dotted keys lead into the value; a key may itself hold dots only where no scenario asks. */
function matches(value: unknown, where: Fields | undefined): boolean {
  return Object.entries(where ?? {}).every(([path, wanted]) => {
    let at = value;
    for (const key of path.split("."))
      at = typeof at === "object" && at !== null ? (at as Fields)[key] : undefined;
    return at === wanted;
  });
}

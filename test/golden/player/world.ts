import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJob } from "../../../src/jobspec/parse-job.ts";
import type { LiveAgent } from "../../support/live-agent.ts";

export const dataDir = new URL("../data/", import.meta.url).pathname;

export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
}
export interface AllocationStub {
  readonly ID: string;
  readonly Name: string;
  readonly JobID: string;
  readonly NodeID: string;
  readonly JobVersion: number;
  readonly CreateIndex: number;
  readonly DesiredStatus: string;
  readonly ClientStatus: string;
}

/** The agent that a recording is played against, and what its tokens stand for. */
export class World {
  readonly agent: LiveAgent;

  constructor(agent: LiveAgent) {
    this.agent = agent;
  }

  async ask(
    method: string,
    path: string,
    options: {
      readonly headers?: { readonly [name: string]: string };
      readonly body?: string;
    } = {},
  ): Promise<Answer> {
    const answer = await fetch(`${this.agent.address}${path}`, {
      method,
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
      ...(options.headers === undefined ? {} : { headers: options.headers }),
      ...(options.body === undefined ? {} : { body: options.body }),
    });
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      text: await answer.text(),
    };
  }

  async json<T>(path: string): Promise<T> {
    return JSON.parse((await this.ask("GET", path)).text) as T;
  }

  /** The body of a job file, as the parse call makes it. */
  job(file: string): { readonly [key: string]: unknown } {
    const parsed = parseJob(readFileSync(join(dataDir, "state", file), "utf8"), { file });
    if (!parsed.ok) throw new Error(`${file}: ${parsed.diagnostics[0]?.summary ?? ""}`);
    return parsed.body;
  }

  /** Replaces every `{token}`; throws when one stands for nothing here. */
  async fill(text: string): Promise<string> {
    let filled = text;
    for (const [whole, name = "", argument = ""] of text.matchAll(
      /\{([a-z0-9]+)(?::([^{}]*))?\}/g,
    )) {
      const value = await this.#token(name, argument);
      if (value === undefined) throw new Error(`nothing here is ${whole}`);
      filled = filled.replace(whole, value);
    }
    return filled;
  }

  async #token(name: string, argument: string): Promise<string | undefined> {
    switch (name) {
      case "alloc":
        return (await this.allocation(argument))?.ID;
      case "alloc4":
        return (await this.allocation(argument))?.ID.slice(0, 4);
      case "node":
        return this.agent.nodeId();
      case "node4":
        return this.agent.nodeId().slice(0, 4);
      case "deployment":
        return (await this.json<{ readonly ID: string } | null>(`/v1/job/${argument}/deployment`))
          ?.ID;
      case "child":
        return this.#child(argument);
      case "eval":
        return this.#evaluation(argument);
      case "policy":
        return (
          await this.json<{ readonly ID: string }[]>(`/v1/scaling/policies?job=${argument}`)
        )[0]?.ID;
      case "xindex":
        return (await this.ask("GET", argument)).headers["x-nomad-index"];
      case "nexttoken":
        return (await this.ask("GET", argument)).headers["x-nomad-nexttoken"];
      case "varindex": {
        const variable = await this.json<{ readonly ModifyIndex?: number }>(
          `/v1/var/${argument}`,
        ).catch(() => undefined);
        return variable?.ModifyIndex?.toString();
      }
      default:
        return undefined;
    }
  }

  /** The newest allocation of that name; of a periodic or dispatched job, of its newest child. */
  async allocation(name: string): Promise<AllocationStub | undefined> {
    const all = await this.json<AllocationStub[]>("/v1/allocations?namespace=*");
    const [job = "", rest = ""] = name.split(/\.(.*)/s);
    return all
      .filter(
        (one) =>
          one.Name === name || (one.Name.startsWith(`${job}/`) && one.Name.endsWith(`.${rest}`)),
      )
      .toSorted((a, b) => b.CreateIndex - a.CreateIndex)[0];
  }

  async #child(job: string): Promise<string | undefined> {
    const all =
      await this.json<
        { readonly ID: string; readonly ParentID: string; readonly CreateIndex: number }[]
      >("/v1/jobs");
    return all
      .filter((one) => one.ParentID === job)
      .toSorted((a, b) => a.CreateIndex - b.CreateIndex)[0]?.ID;
  }

  async #evaluation(argument: string): Promise<string | undefined> {
    const [job = "", what = ""] = argument.split(":");
    const all = await this.json<
      {
        readonly ID: string;
        readonly CreateIndex: number;
        readonly Status: string;
        readonly TriggeredBy: string;
      }[]
    >(`/v1/job/${job}/evaluations`);
    return all
      .filter((one) => one.Status === what || one.TriggeredBy === what)
      .toSorted((a, b) => a.CreateIndex - b.CreateIndex)[0]?.ID;
  }
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "../../src/lib/random.ts";
import { containersOf, docker, liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { openProgramRegistry, type ProgramRegistry } from "../support/program-registry.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { until } from "../support/until.ts";

const slots = 6;
const killEveryMs = 40_000;

export interface Burden {
  readonly containers: number;
  readonly images: number;
  readonly volumes: number;
  readonly allocationFolders: number;
  readonly mounts: number;
  readonly descriptors: number;
  readonly threads: number;
  readonly privateDirtyMb: number;
}
export interface RealOutcome {
  readonly events: { readonly [name: string]: number };
  /** At rest, when the last agent had come up and before its churn, and at rest after it. */
  readonly before: Burden;
  readonly after: Burden;
  readonly faults: readonly string[];
}

/** Minutes of churn on the real engine: with kills of the agent at first, then one life that is weighed at both ends. */
export async function realChurn(
  seed: number,
  minutes: number,
  tell: (line: string) => void,
): Promise<RealOutcome> {
  const random = seededRandom(seed);
  const registry = await openProgramRegistry();
  const agent = await liveAgent({
    dev: false,
    config: 'plugin "docker" { config { gc { image_delay = "1s" } } }',
  });
  const churn = new RealChurn(agent, registry, random);
  try {
    await agent.start();
    const endMs = performance.now() + minutes * 60_000;
    const lastKillMs = performance.now() + minutes * 60_000 * 0.4;
    await churn.runUntil(lastKillMs, killEveryMs);
    await churn.clear();
    await agent.stop("SIGKILL");
    await agent.start();
    await rest();
    const before = await churn.burden();
    tell(`before: ${JSON.stringify(before)}`);
    // Three times: what grows with the churn grows each time, what only fills up does not.
    const partMs = (endMs - performance.now()) / 3;
    let after = before;
    for (const part of [1, 2, 3]) {
      await churn.runUntil(performance.now() + partMs, Infinity);
      await churn.clear();
      await rest();
      after = await churn.burden();
      tell(`after part ${part}: ${JSON.stringify(after)}`);
    }
    return { events: churn.counts, before, after, faults: churn.faults };
  } finally {
    await agent.cleanUp();
    await registry.close();
  }
}

/** What is held for a moment is let go, and what was freed is given back. */
const rest = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 20_000);
  });

class RealChurn {
  readonly counts: { [event: string]: number } = {};
  readonly faults: string[] = [];
  readonly #agent: LiveAgent;
  readonly #registry: ProgramRegistry;
  readonly #random: Random;
  #serial = 0;

  constructor(agent: LiveAgent, registry: ProgramRegistry, random: Random) {
    this.#agent = agent;
    this.#registry = registry;
    this.#random = random;
  }

  async runUntil(endMs: number, killMs: number): Promise<void> {
    let killAtMs = performance.now() + killMs;
    while (performance.now() < endMs) {
      if (performance.now() > killAtMs) {
        killAtMs += killMs;
        await this.#agent.stop("SIGKILL");
        await this.#agent.start();
        this.#count("agent killed");
      }
      await this.#step();
      await this.#check();
      await new Promise((resolve) => {
        setTimeout(resolve, this.#random.fraction() * 1_000);
      });
    }
    this.#registry.isBroken = false;
  }

  /** Stops everything, and lets the servers and the node forget it. */
  async clear(): Promise<void> {
    const jobs = await this.#agent.get<{ readonly ID: string }[]>("/v1/jobs");
    for (const { ID } of jobs) await this.#agent.send("DELETE", `/v1/job/${ID}?purge=true`);
    await until(
      "nothing to be left",
      async () => {
        await this.#agent.send("PUT", "/v1/system/gc");
        const { containers, images, allocationFolders, mounts } = await this.burden();
        return containers + images + allocationFolders + mounts === 0;
      },
      { timeoutMs: 120_000, pollMs: 1_000 },
    ).catch((thrown: unknown) => {
      this.faults.push(String(thrown));
    });
  }

  async burden(): Promise<Burden> {
    const process = `/proc/${this.#agent.pid()}`;
    const images = (await docker.listImages()).filter(({ RepoTags }) =>
      RepoTags?.some((name) => name.startsWith(this.#registry.host)),
    );
    const { Volumes } = await docker.listVolumes();
    const mounts = readFileSync("/proc/mounts", "utf8");
    const dirty = readFileSync(`${process}/smaps_rollup`, "utf8");
    return {
      containers: (await containersOf(this.#agent)).length,
      images: images.length,
      volumes: (Volumes ?? []).length,
      allocationFolders: foldersIn(join(this.#agent.dir, "data/alloc")),
      mounts: mounts.split("\n").filter((line) => line.includes(` ${this.#agent.dir}/`)).length,
      descriptors: readdirSync(`${process}/fd`).length,
      threads: readdirSync(`${process}/task`).length,
      privateDirtyMb: Math.round(Number(/^Private_Dirty:\s+(\d+)/m.exec(dirty)?.[1] ?? 0) / 1024),
    };
  }

  #count(event: string): void {
    this.counts[event] = (this.counts[event] ?? 0) + 1;
  }

  async #step(): Promise<void> {
    const roll = this.#random.fraction();
    const id = `job-${Math.floor(this.#random.fraction() * slots)}`;
    if (roll < 0.45) await this.#send("registered", "PUT", "/v1/jobs", this.#job(id));
    else if (roll < 0.55) await this.#send("stopped", "DELETE", `/v1/job/${id}`);
    else if (roll < 0.65) await this.#send("purged", "DELETE", `/v1/job/${id}?purge=true`);
    else if (roll < 0.8) await this.#harm();
    else if (roll < 0.85) {
      this.#registry.isBroken = !this.#registry.isBroken;
      this.#count("registry turned");
    } else if (roll < 0.95) await this.#look();
    else await this.#send("collected", "PUT", "/v1/system/gc");
  }

  async #send(event: string, method: string, path: string, body?: object): Promise<void> {
    const { status, text } = await this.#agent.send(method, path, body);
    if (status === 200) this.#count(event);
    else if (status !== 404) this.faults.push(`${event}: ${status} ${text}`);
  }

  /** A container of ours is killed or taken away from outside. */
  async #harm(): Promise<void> {
    const running = (await containersOf(this.#agent)).filter((one) => one.isRunning);
    const victim = running[Math.floor(this.#random.fraction() * running.length)];
    if (!victim) return;
    const container = docker.getContainer(victim.id);
    const isKill = this.#random.fraction() < 0.6;
    try {
      if (isKill) await container.kill();
      else await container.remove({ force: true });
      this.#count(isKill ? "container killed" : "container removed");
    } catch {
      // It was on its way out already.
    }
  }

  /** Somebody reads logs and usage. */
  async #look(): Promise<void> {
    const stubs = await this.#agent.get<{ ID: string; ClientStatus: string }[]>("/v1/allocations");
    const live = stubs.find(({ ClientStatus }) => ClientStatus === "running");
    if (!live) return;
    await this.#agent.send("GET", `/v1/client/allocation/${live.ID}/stats`);
    await this.#agent.send("GET", `/v1/client/fs/logs/${live.ID}?task=t&type=stdout&plain=true`);
    this.#count("looked at");
  }

  async #check(): Promise<void> {
    const running = (await containersOf(this.#agent)).filter((one) => one.isRunning);
    const names = running.map(({ name }) => name);
    const twice = names.filter((name, at) => names.indexOf(name) !== at);
    if (twice.length > 0) this.faults.push(`running twice: ${twice.join()}`);
  }

  #job(id: string): object {
    const roll = this.#random.fraction();
    const word = `${++this.#serial}`;
    const shell = (script: string) => ({
      image: "busybox:1.36",
      command: "sh",
      args: ["-c", script],
    });
    const [kind, config]: readonly [string, object] =
      roll < 0.1
        ? ["out of memory", shell("tail /dev/zero")]
        : roll < 0.2
          ? ["crashing", shell("sleep 1; exit 3")]
          : roll < 0.4
            ? ["pulled", { image: `${this.#registry.host}/app:${word}` }]
            : ["lasting", shell("while :; do echo a line of output; sleep 1; done")];
    this.#count(kind);
    const network = this.#random.fraction() < 0.3 ? { Networks: [{ Mode: "bridge" }] } : {};
    const task = {
      Name: "t",
      Driver: "docker",
      Config: config,
      Env: { WORD: word },
      KillSignal: "SIGKILL",
      Templates: [{ EmbeddedTmpl: word, DestPath: "local/word", ChangeMode: "noop" }],
      LogConfig: { MaxFiles: 1, MaxFileSizeMB: 1 },
      Resources: { CPU: 20, MemoryMB: 16 },
    };
    const group = {
      Name: "g",
      Count: 1 + Math.floor(this.#random.fraction() * 2),
      EphemeralDisk: { SizeMB: 10 },
      RestartPolicy: { Attempts: 2, Interval: 60e9, Delay: 1e9, Mode: "fail" },
      ReschedulePolicy: { Attempts: 0, Unlimited: false },
      Update: {
        MaxParallel: 2,
        MinHealthyTime: 1e8,
        HealthyDeadline: 20e9,
        ProgressDeadline: 30e9,
        HealthCheck: "task_states",
      },
      ...network,
      Tasks: [task],
    };
    const fields = { ID: id, Name: id, Type: "service", Datacenters: ["*"], TaskGroups: [group] };
    return { Job: fields };
  }
}

function foldersIn(path: string): number {
  try {
    return readdirSync(path).length;
  } catch {
    // Nothing has run yet.
    return 0;
  }
}

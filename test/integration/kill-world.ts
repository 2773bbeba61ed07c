import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { openWebSocket } from "../../src/lib/system/websocket.ts";
import { allFailpoints } from "../../src/model/failpoints.ts";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { privateEngine, type PrivateEngine } from "../support/private-dockerd.ts";
import { openProgramRegistry, type ProgramRegistry } from "../support/program-registry.ts";
import { until } from "../support/until.ts";
import { appJob, calmJob, onceJob, politeJob, toolJob } from "./kill-jobs.ts";

/** What a life with a kill in it has come to. */
export interface CycleOutcome {
  readonly deaths: number;
  /** Containers that were to be left alone and are not the same afterwards. */
  readonly disturbed: readonly string[];
  /** Containers that were started more than once. */
  readonly twice: readonly string[];
  /** Tasks whose restart policy was charged for the agent's death. */
  readonly charged: readonly string[];
  /** Whatever is left when all of it has been taken away again. */
  readonly left: readonly string[];
}
/** Passed only by an agent whose folder is new. */
const firstLifeOnly = new Set(["identity:before", "identity:after"]);

/** All points that a life of jobs leads past. */
export const killPoints = (): readonly string[] =>
  allFailpoints().filter((point) => !firstLifeOnly.has(point));

/** Passed only where the engine refuses a stop: taken along, not waited for. */
export const isRare = (point: string): boolean => point.startsWith("docker-kill:");

/** Nothing of the death has been noticed. */
export const unharmed = { disturbed: [], twice: [], charged: [], left: [] };

interface Stub {
  readonly ID: string;
  readonly JobID: string;
  readonly JobVersion: number;
  readonly ClientStatus: string;
  readonly DesiredStatus: string;
  readonly TaskStates: { readonly [task: string]: { readonly Restarts: number } } | null;
}

const pause = "nomad-ts/pause:1";
const nodeLabel = "io.nomad-ts.node";

/** A machine of its own: an engine, a registry, a server for artifacts and one agent that is killed again and again. */
export class KillWorld {
  readonly engine: PrivateEngine;
  readonly registry: ProgramRegistry;
  readonly #files: Server;
  readonly #agent: LiveAgent;
  readonly #kept: string;
  /** By allocation. */
  readonly #jobs = new Map<string, string>();
  #lastCalm: readonly string[] = [];
  #round = 0;
  #deaths = 0;

  private constructor(parts: {
    readonly engine: PrivateEngine;
    readonly registry: ProgramRegistry;
    readonly files: Server;
    readonly agent: LiveAgent;
    readonly kept: string;
  }) {
    this.engine = parts.engine;
    this.registry = parts.registry;
    this.#files = parts.files;
    this.#agent = parts.agent;
    this.#kept = parts.kept;
  }

  static async open(): Promise<KillWorld> {
    const engine = await privateEngine("busybox:1.36");
    const registry = await openProgramRegistry();
    const archive = await wholeOf(await engine.docker.getImage("busybox:1.36").get());
    const files = createServer((request, answer) => {
      answer.end(request.url?.endsWith(".image") ? archive : "words\n");
    });
    await new Promise<void>((resolve) => {
      files.listen(0, "127.0.0.1", resolve);
    });
    const kept = mkdtempSync(join(tmpdir(), "kill-world-"));
    const agent = await liveAgent({
      dev: false,
      config: `
        client {
          host_volume "kept" { path = "${kept}" }
          artifact { allowed_networks = ["127.0.0.0/8"] }
        }
        plugin "docker" {
          config {
            endpoint = "unix://${engine.socket}"
            gc { image_delay = "1s" }
          }
        }`,
    });
    return new KillWorld({ engine, registry, files, agent, kept });
  }

  async close(): Promise<void> {
    await this.#agent.cleanUp();
    await this.registry.close();
    this.#files.close();
    rmSync(this.#kept, { recursive: true, force: true });
    await this.engine.cleanUp();
  }

  output(): string {
    return this.#agent.output();
  }

  /** One life of some jobs, from their registration until nothing is left of them, with a kill somewhere in it. */
  async cycle(failpoint: string): Promise<CycleOutcome> {
    this.#deaths = 0;
    const tag = `${++this.#round}`;
    const image = (version: string): string => `${this.registry.host}/app:${tag}${version}`;
    const files = `http://127.0.0.1:${(this.#files.address() as AddressInfo).port}`;
    const since = Math.floor(Date.now() / 1000) - 1;
    await this.#forgetPause();
    await this.#start(failpoint);
    await this.#run("calm", calmJob(), 2);
    const calm = await this.#calmContainers();
    const app = (version: string) => appJob(image(version), `${files}/words`);
    await this.#run("app", app("a"), 2);
    await this.#run("tool", toolJob(`${files}/busybox.image`), 1);
    await this.#run("polite", politeJob(), 1);
    await this.#run("once", onceJob(), 1, "complete");
    await this.#useTool();
    await this.#run("app", app("b"), 2);
    const charged = await this.#charged();
    await this.#pauseAll("tool", "polite");
    for (const job of ["app", "tool", "polite", "once"]) await this.#purge(job);
    await this.#collected(calm.length);
    return {
      deaths: this.#deaths,
      charged,
      disturbed: calm.filter((one) => !this.#lastCalm.includes(one)),
      twice: await this.#startedTwice(since),
      left: await this.#left(),
    };
  }

  async #start(failpoint: string): Promise<void> {
    await this.#agent.stop("SIGKILL");
    // Some points are passed already while it comes up.
    await this.#agent.start({ NOMAD_FAILPOINT: failpoint }).catch((thrown: unknown) => {
      if (this.#agent.isRunning()) throw thrown;
    });
  }

  /** Repeats the step until it says that it is done; a dead agent is started again first. */
  async #drive(what: string, step: () => Promise<boolean>): Promise<void> {
    await until(
      what,
      async () => {
        if (!this.#agent.isRunning()) {
          this.#deaths++;
          await this.#agent.start();
        }
        try {
          return await step();
        } catch (thrown) {
          if (!this.#agent.isRunning() || isBroken(thrown)) return false;
          throw thrown;
        }
      },
      { timeoutMs: 40_000, pollMs: 50 },
    ).catch(async (thrown: unknown) => {
      const states = await this.#agent.get("/v1/allocations").catch(String);
      const printed = this.output().slice(-4000);
      throw new Error(`${String(thrown)}\n${printed}\n${JSON.stringify(states)}`);
    });
  }

  async #run(id: string, body: object, count: number, status = "running"): Promise<void> {
    let registered = -1;
    await this.#drive(`${id} to be ${status}`, async () => {
      if (registered < 0) {
        const answer = await this.#agent.send("PUT", "/v1/jobs", body);
        if (answer.status !== 200) throw new Error(answer.text);
        registered = (await this.#agent.get<{ Version: number }>(`/v1/job/${id}`)).Version;
      }
      const stubs = await this.#stubs(id);
      const live = stubs.filter(({ DesiredStatus }) => DesiredStatus === "run");
      const others = stubs.filter((stub) => !live.includes(stub));
      return (
        live.length === count &&
        live.every((stub) => stub.ClientStatus === status && stub.JobVersion === registered) &&
        others.every(({ ClientStatus }) => ClientStatus === "complete")
      );
    });
  }

  async #stubs(job: string): Promise<readonly Stub[]> {
    const stubs = await this.#agent.get<Stub[]>(`/v1/job/${job}/allocations`);
    for (const { ID } of stubs) this.#jobs.set(ID, job);
    return stubs;
  }

  async #useTool(): Promise<void> {
    await this.#drive("a command to have run in a task", async () => {
      const [stub] = await this.#stubs("tool");
      if (stub?.ClientStatus !== "running") return false;
      await this.#agent.get(`/v1/client/allocation/${stub.ID}/stats`);
      const signal = { Signal: "SIGUSR1", TaskName: "t" };
      await this.#agent.send("PUT", `/v1/client/allocation/${stub.ID}/signal`, signal);
      const command = encodeURIComponent('["cat"]');
      const socket = await openWebSocket(
        `${this.#agent.address.replace("http", "ws")}/v1/client/allocation/${stub.ID}/exec?task=t&tty=true&command=${command}`,
        { headers: {} },
      );
      await socket.send(JSON.stringify({ tty_size: { height: 44, width: 133 } }));
      const end = Buffer.from([4]).toString("base64");
      let said = "";
      await socket.send(JSON.stringify({ stdin: { data: end } }));
      for await (const message of socket.messages) said += message;
      return said.includes('"exited":true');
    });
  }

  async #charged(): Promise<readonly string[]> {
    const found: string[] = [];
    await this.#drive("the tasks' restarts", async () => {
      const stubs = await this.#agent.get<Stub[]>("/v1/allocations");
      found.length = 0;
      for (const { ID, JobID, TaskStates } of stubs)
        if (Object.values(TaskStates ?? {}).some(({ Restarts }) => Restarts > 0))
          found.push(`${JobID} ${ID}`);
      return true;
    });
    return found;
  }

  /** A paused task hears no signal: whoever stops it has to let it go on first. */
  async #pauseAll(...jobs: readonly string[]): Promise<void> {
    for (const { Id } of await this.#containers(jobs))
      await this.engine.docker.getContainer(Id).pause();
  }

  async #containers(jobs: readonly string[]) {
    const found = await this.engine.docker.listContainers({ all: true });
    return found.filter(({ Labels }) => jobs.includes(this.#jobOf(Labels)));
  }

  #jobOf(labels: { readonly [name: string]: string }): string {
    return this.#jobs.get(labels["io.nomad-ts.allocation"] ?? "") ?? "";
  }

  async #purge(job: string): Promise<void> {
    await this.#drive(`${job} to be gone`, async () => {
      await this.#agent.send("DELETE", `/v1/job/${job}?purge=true`);
      return (await this.#containers([job])).length === 0;
    });
  }

  async #collected(calm: number): Promise<void> {
    await this.#drive("everything to be collected", async () => {
      await this.#agent.send("PUT", "/v1/system/gc");
      const here = await this.engine.docker.listContainers({ all: true });
      return here.length === calm && (await this.#left()).length === 0;
    }).catch(() => undefined);
    this.#lastCalm = await this.#calmContainers();
  }

  async #calmContainers(): Promise<readonly string[]> {
    const found = await this.#containers(["calm"]);
    const infos = await Promise.all(
      found.map(({ Id }) => this.engine.docker.getContainer(Id).inspect()),
    );
    return infos.map(({ Id, Name, State }) => `${Name} ${Id} ${State.StartedAt}`).toSorted();
  }

  /** The image of the networks' own containers has to be made anew. */
  async #forgetPause(): Promise<void> {
    const found = await this.engine.docker
      .getImage(pause)
      .inspect()
      .catch(() => undefined);
    if (found === undefined) return;
    // Another name keeps it alive for those that run from it.
    await this.engine.docker.getImage(pause).tag({ repo: "kept/pause", tag: `${this.#round}` });
    await this.engine.docker.getImage(pause).remove();
  }

  async #startedTwice(since: number): Promise<readonly string[]> {
    const stream = await this.engine.docker.getEvents({
      since,
      until: Math.floor(Date.now() / 1000) + 1,
      filters: { type: ["container"], event: ["start"], label: [nodeLabel] },
    });
    const lines = (await wholeOf(stream)).toString("utf8").split("\n").filter(Boolean);
    const names = lines.map((line) => {
      const event = JSON.parse(line) as { Actor: { Attributes: { name: string } } };
      return event.Actor.Attributes.name;
    });
    return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
  }

  async #left(): Promise<readonly string[]> {
    const { docker } = this.engine;
    const calm = new Set((await this.#stubs("calm")).map(({ ID }) => ID));
    const containers = (await docker.listContainers({ all: true }))
      .filter(({ Labels }) => this.#jobOf(Labels) !== "calm")
      .map(({ Names }) => `container ${Names.join()}`);
    const images = (await docker.listImages())
      .flatMap(({ RepoTags }) => RepoTags ?? [])
      .filter((name) => name.startsWith(this.registry.host))
      .map((name) => `image ${name}`);
    const volumes = ((await docker.listVolumes()).Volumes ?? []).map(
      ({ Name }) => `volume ${Name}`,
    );
    const folders = readdirSync(join(this.#agent.dir, "data/alloc"))
      .filter((id) => !calm.has(id))
      .map((id) => `folder ${id}`);
    const mounts = readFileSync("/proc/mounts", "utf8")
      .split("\n")
      .map((line) => line.split(" ")[1] ?? "")
      .filter((path) => path.startsWith(this.#agent.dir))
      .filter((path) => ![...calm].some((id) => path.includes(id)))
      .map((path) => `mount ${path}`);
    return [...containers, ...images, ...volumes, ...folders, ...mounts, ...this.#rows(calm)];
  }

  #rows(calm: ReadonlySet<string>): readonly string[] {
    const path = join(this.#agent.dir, "data/client/node.db");
    const database = new Database(path, { readonly: true });
    try {
      const ids = (sql: string): readonly string[] =>
        database
          .prepare<[], { id: string }>(sql)
          .all()
          .map(({ id }) => id);
      return [
        ...ids("SELECT id FROM allocations ORDER BY id").filter((id) => !calm.has(id)),
        ...ids("SELECT allocation_id AS id FROM log_positions ORDER BY id").filter(
          (id) => !calm.has(id),
        ),
        ...ids("SELECT name AS id FROM images ORDER BY id"),
      ].map((id) => `row ${id}`);
    } finally {
      database.close();
    }
  }
}

async function wholeOf(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece as Buffer));
  return Buffer.concat(pieces);
}

/** The agent died while it was asked. */
const isBroken = (thrown: unknown): boolean =>
  thrown instanceof TypeError || /ECONNREFUSED|ECONNRESET|socket hang up/.test(String(thrown));

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../src/lib/errors.ts";
import type { Failpoint } from "../../src/lib/failpoint.ts";
import { createLogger } from "../../src/lib/system/logger.ts";
import type { Random } from "../../src/lib/random.ts";
import type { AllocationId } from "../../src/model/ids.ts";
import { allocationId, nodeId } from "../../src/model/ids.ts";
import { failpoints } from "../../src/model/failpoints.ts";
import { startNodeAgent, type NodeAgent } from "../../src/reconciler/node-agent.ts";
import { buildDesired } from "../support/scripted-job.ts";
import { makeDriverBench } from "../support/driver-spec.ts";
import { testNodeConfig } from "../support/node-facts.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { VariableTable } from "../support/variable-table.ts";
import { until } from "../support/until.ts";
import { ChurnEngine } from "./churn-engine.ts";
import { events, type Hands } from "./churn-events.ts";
import { churnJob } from "./churn-jobs.ts";
import { clockOf, driverOf, endingWith, type Life, sourceOf } from "./churn-life.ts";
import { ChurnSource } from "./churn-source.ts";
import { leftBehind } from "./left-behind.ts";
import { RestartBook } from "./restart-book.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const slots = 8;
const second = 1_000;
const minute = 60 * second;
const stopPatienceMs = 5 * minute;
const cluster = "churn";
const isWrite = (point: string): boolean =>
  failpoints.nodeDb.some((place) => point === `${place}:before` || point === `${place}:after`);

/** One node whose engine, servers, memory and agents go wrong in every way, for as long as a seed says. */
export class ChurnWorld {
  readonly clock = createVirtualClock();
  readonly random: Random;
  readonly engine: ChurnEngine;
  readonly source = new ChurnSource();
  readonly variables = new VariableTable();
  readonly directory = mkdtempSync(join(tmpdir(), "churn-"));
  readonly book = new RestartBook();
  readonly counts: { [event: string]: number } = {};
  readonly #foreign = makeDriverBench();
  readonly #logLines: string[] = [];
  readonly #versions = new Map<number, number>();
  #agent: NodeAgent | undefined;
  #life: Life | undefined;
  #isDbBroken = false;
  #healAt = new Map<string, number>();
  #heals = new Map<string, () => void>();

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.engine = new ChurnEngine(this.clock, this.random);
    this.engine.refused = (id) => {
      this.book.excuse(id);
    };
    this.engine.mayStop = (id) => this.#mayStop(id);
    this.source.heard = (report) => {
      this.book.hear(report, this.source.desired.get(report.id)?.job);
    };
    this.engine.addForeign(this.#foreign, cluster);
    for (let slot = 0; slot < slots; slot++) this.variables.put(`churn/${slot}`, { word: "first" });
  }

  get agent(): NodeAgent {
    if (!this.#agent) throw new Error("no agent runs");
    return this.#agent;
  }

  logLines(): readonly string[] {
    return this.#logLines;
  }

  async start(): Promise<void> {
    const life: Life = { deathIn: Infinity, isDead: false, isOver: false, ends: new Set() };
    this.#life = life;
    const log = createLogger({
      level: "info",
      json: false,
      sinks: [
        {
          write: (line) => {
            this.#logLines.push(`${this.clock.nowMs() / 1000} ${line}`);
            if (this.#logLines.length > 400) this.#logLines.splice(0, 200);
          },
        },
      ],
    });
    // Its memory has to be read and written for it to come up at all.
    const wasBroken = this.#isDbBroken;
    this.#isDbBroken = false;
    this.#agent = await startNodeAgent({
      clock: clockOf(life, this.clock),
      random: this.random,
      source: sourceOf(life, this.source),
      log,
      failpoint: this.#failpointOf(life),
      drivers: [driverOf(life, this.engine.driver())],
      dataDir: join(this.directory, "client"),
      allocDir: join(this.directory, "alloc"),
      nodeConfig: testNodeConfig,
      clusterId: cluster,
      hostEnv: {},
      templateSources: {
        ...this.variables.sources,
        watch: (changed) => endingWith(life, this.variables.sources.watch(changed)),
      },
      collection: {
        intervalMs: minute,
        diskPercent: 101,
        inodePercent: 101,
        maxAllocations: 25,
        parallelDestroys: 2,
      },
    });
    this.#isDbBroken = wasBroken;
    await this.pass(0);
  }

  async stop(): Promise<void> {
    const [agent, life] = [this.#agent, this.#life];
    this.#agent = undefined;
    const state = { isOver: agent === undefined };
    const ending = agent
      ?.stop({ destroyAll: false })
      .catch((thrown: unknown) => {
        if (!life?.isDead) this.engine.faults.push(`the agent did not stop: ${String(thrown)}`);
      })
      .finally(() => {
        state.isOver = true;
      });
    // What its end waits for may need time to go on; one that was killed gets none.
    const endMs = this.clock.nowMs() + (life?.isDead ? 0 : stopPatienceMs);
    while (!state.isOver && this.clock.nowMs() < endMs) await this.clock.advance(second);
    // What is not a file takes real time, such as programs that are asked for facts of the machine.
    const patient = { timeoutMs: life?.isDead ? 0 : 10_000 };
    await until("the agent to stop", () => state.isOver, patient).catch(() => undefined);
    if (!state.isOver && !life?.isDead) this.engine.faults.push("the agent does not stop");
    if (state.isOver) await ending;
    // A process that has ended listens to nothing any more.
    if (life) life.isOver = true;
    for (const end of life?.ends ?? []) end();
  }

  async dispose(): Promise<void> {
    await this.stop();
    this.#foreign.clean();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    if (this.#life?.isDead) await this.#replaceDead();
  }

  /** From the moment of its death on it does nothing any more. */
  #failpointOf(life: Life): Failpoint {
    return (point) => {
      if (!life.isDead && --life.deathIn <= 0) life.isDead = true;
      if (life.isDead) throw new Error(`killed at ${point}`);
      if (this.#isDbBroken && isWrite(point)) throw new AppError("storage", "disk full");
    };
  }

  async #replaceDead(): Promise<void> {
    await this.stop();
    await this.start();
  }

  #count(event: string): void {
    this.counts[event] = (this.counts[event] ?? 0) + 1;
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.random.fraction() * from.length)];
  }

  #between(least: number, most: number): number {
    return Math.round(least + this.random.fraction() * (most - least));
  }

  #live(): readonly AllocationId[] {
    return [...this.source.desired.values()]
      .filter(({ allocation }) => allocation.DesiredStatus === "run" && !this.isOver(allocation.ID))
      .map(({ allocation }) => allocation.ID);
  }

  isOver(id: AllocationId): boolean {
    const status = this.source.last(id)?.clientStatus;
    return status === "complete" || status === "failed";
  }

  #ours() {
    return [...this.engine.engine.tasks.values()].filter(
      ({ spec }) =>
        !spec.key.allocationId.startsWith("foreign") && spec.owner === this.#owner(spec),
    );
  }

  #owner(spec: { readonly owner: { readonly nodeId: string; readonly cluster: string } }) {
    const isOurs = spec.owner.cluster === cluster && spec.owner.nodeId === this.#agent?.nodeId;
    return isOurs ? spec.owner : undefined;
  }

  #mayStop(id: string): boolean {
    const desired = this.source.desired.get(id);
    if (!desired || desired.allocation.DesiredStatus !== "run") return true;
    return this.book.mayEnd(id);
  }

  #ask(id: AllocationId, task?: string): void {
    const group = this.source.desired.get(id)?.job.TaskGroups[0];
    for (const { Name } of group?.Tasks ?? [])
      if (task === undefined || task === Name) this.engine.ledger(id, Name).asked++;
    this.book.excuse(id);
  }

  /** One thing happens, then some time passes. */
  async step(): Promise<void> {
    for (const [fault, at] of this.#healAt) if (this.clock.nowMs() >= at) this.#heal(fault);
    const total = events.reduce((sum, { weight }) => sum + weight, 0);
    let at = this.random.fraction() * total;
    const event = events.find(({ weight }) => (at -= weight) < 0) ?? events[0];
    if (event && (await event.happen(this.#hands)) !== false) this.#count(event.name);
    const isSoon = this.random.fraction() < 0.3;
    await this.pass(isSoon ? this.#between(0, 200) : this.#between(200, 20_000));
  }

  readonly #hands: Hands = {
    place: (before) => this.#place(before),
    live: () => this.#pick(this.#live()),
    change: (id, status) => {
      const desired = this.source.desired.get(id);
      if (desired)
        this.source.put({
          ...desired,
          allocation: { ...desired.allocation, DesiredStatus: status },
        });
    },
    forget: (isOverOnly) => {
      const all = [...this.source.desired.keys()].map((id) => allocationId(id));
      const id = this.#pick(isOverOnly ? all.filter((one) => this.isOver(one)) : all);
      if (id === undefined) return false;
      this.source.remove(id);
      return true;
    },
    known: () => this.source.desired.size,
    end: (exit) => {
      const task = this.#pick(this.#ours().filter(({ observed }) => observed.state === "running"));
      if (!task) return false;
      const { allocationId: id, task: name } = task.spec.key;
      this.engine.ledger(id, name).ends++;
      this.book.excuse(id);
      if (exit === undefined) this.engine.engine.take(task.observed.handle);
      else this.engine.engine.end(task.observed.handle, exit);
      return true;
    },
    print: () => {
      const task = this.#pick(this.#ours().filter(({ observed }) => observed.state === "running"));
      if (!task) return false;
      this.engine.engine.write(task.observed.handle, "a line of output\n");
      return true;
    },
    loseNetwork: () => {
      const [id, made] = this.#pick([...this.engine.engine.networks.made]) ?? [];
      if (id === undefined || made === undefined) return false;
      this.engine.engine.networks.made.delete(id);
      this.#ask(allocationId(id));
      return true;
    },
    refuse: (error) => {
      this.engine.refusals.push(error);
    },
    fault: (name, begin, end) => {
      begin();
      this.#healAt.set(name, this.clock.nowMs() + this.#between(second, 90 * second));
      this.#heals.set(name, end);
    },
    world: this,
    setMode: (mode) => {
      this.engine.mode = mode;
    },
    breakDb: (isBroken) => {
      this.#isDbBroken = isBroken;
    },
    restart: async (id) => {
      this.#ask(id);
      try {
        this.agent.restart(id, null, this.random.fraction() < 0.5);
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
      }
    },
    turnVariable: () => {
      const slot = this.#between(0, slots - 1);
      for (const { allocation, job } of this.source.desired.values())
        if (job.ID === `job-${slot}`) this.#ask(allocation.ID);
      this.variables.put(`churn/${slot}`, { word: this.random.uuid() });
    },
    dieSoon: () => {
      if (this.#life) this.#life.deathIn = this.#between(1, 60);
    },
    bounce: async () => {
      await this.stop();
      await this.clock.advance(this.#between(0, 30 * second));
      await this.start();
    },
  };

  #heal(fault: string): void {
    this.#heals.get(fault)?.();
    this.#heals.delete(fault);
    this.#healAt.delete(fault);
  }

  #place(before: AllocationId | undefined): boolean {
    const former = before && this.source.desired.get(before);
    const slot = former ? Number(former.job.ID.split("-")[1]) : this.#between(0, slots - 1);
    const version = (this.#versions.get(slot) ?? -1) + 1;
    this.#versions.set(slot, version);
    const ID = allocationId(this.random.uuid());
    this.source.put(
      buildDesired(churnJob(this.random, slot, version), {
        ID,
        NodeID: nodeId(this.agent.nodeId),
        PreviousAllocation: before ?? null,
        CreateTime: this.clock.nowNs(),
      }),
    );
    return true;
  }

  /** What must hold at every moment, whatever is going on. */
  check(): void {
    const faults = [...this.engine.faults, ...this.book.faults];
    const running = new Map<string, number>();
    for (const { spec, observed } of this.engine.engine.tasks.values()) {
      if (observed.state !== "running") continue;
      const key = `${spec.key.allocationId}/${spec.key.task}`;
      running.set(key, (running.get(key) ?? 0) + 1);
    }
    for (const [key, count] of running) if (count > 1) faults.push(`${count} containers of ${key}`);
    for (const n of [1, 2])
      if (this.engine.engine.tasks.get(`foreign-${n}`)?.observed.state !== "running")
        faults.push("a container that is not ours was touched");
    for (const { allocation } of this.source.desired.values())
      faults.push(...this.book.overcharged(allocation.ID, this.engine));
    if (faults.length > 0)
      throw new Error(`${faults.join("\n")}\n${this.#logLines.slice(-60).join("")}`);
  }

  /** All faults end; everything that is wanted must come to run. */
  async heal(): Promise<void> {
    for (const fault of this.#healAt.keys()) this.#heal(fault);
    this.engine.refusals.length = 0;
    if (this.#life) this.#life.deathIn = Infinity;
    for (let passed = 0; passed < 40; passed++) {
      await this.pass(15 * second);
      this.check();
    }
    const waiting = this.#live().filter((id) => this.source.last(id)?.clientStatus !== "running");
    if (waiting.length > 0) this.#fail("do not run", waiting);
    for (const id of this.#live()) {
      const tasks = this.#ours().filter(({ spec }) => spec.key.allocationId === id);
      const isWhole = tasks.every(({ observed }) => observed.state === "running");
      if (!isWhole || tasks.length === 0) this.#fail("are not whole", [id]);
    }
  }

  /** The servers want nothing any more, and later know of nothing any more. */
  async clear(): Promise<void> {
    for (const id of this.source.desired.keys()) this.#hands.change(allocationId(id), "stop");
    for (let passed = 0; passed < 20; passed++) await this.pass(15 * second);
    const left = [...this.source.desired.keys()].filter((id) => !this.isOver(allocationId(id)));
    if (left.length > 0) this.#fail("do not end", left);
    for (const id of this.source.desired.keys()) {
      this.source.remove(allocationId(id));
      this.source.forget(id);
    }
    for (let passed = 0; passed < 40; passed++) await this.pass(15 * second);
    this.check();
  }

  left(): readonly string[] {
    return leftBehind(this);
  }

  #fail(what: string, ids: readonly string[]): never {
    const states = ids.map((id) =>
      JSON.stringify([id, this.source.last(id), this.source.desired.get(id)?.job.TaskGroups]),
    );
    throw new Error(`${ids.join()} ${what}\n${states.join("\n")}\n${this.#logLines.join("")}`);
  }
}

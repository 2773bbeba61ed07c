import type { ObservedTask, TaskDriver } from "../drivers/port.ts";
import { AppError } from "../lib/errors.ts";
import { around } from "../lib/failpoint.ts";
import type { Logger } from "../lib/logger.ts";
import { ReconcileLoop } from "../lib/work-queue.ts";
import type { Turn } from "../lib/work-queue.ts";
import { noOwnNetwork } from "../model/build.ts";
import type { FilesPlace } from "../model/failpoints.ts";
import type { Task } from "../model/job.ts";
import { withNetwork } from "./allocations/group-network.ts";
import type { AllocationLoopOptions } from "./allocations/loop-options.ts";
import { AllocationEntry } from "./allocations/entry.ts";
import { lookAtAllocation, foundTasks, noteObserved } from "./allocations/observe.ts";
import type { TaskConfig } from "./allocations/prefetch.ts";
import { ServiceReporter } from "./allocations/service-reporter.ts";
import { serviceTables } from "./allocations/service-tables.ts";
import { StatusReporter } from "./allocations/status-reporter.ts";
import { Succession } from "./allocations/succession.ts";
import { encodeStored } from "./allocations/stored-record.ts";
import type { StoredAllocation } from "./allocations/stored-record.ts";
import { Operations } from "./allocations/operations.ts";
import { buildTaskSpec } from "./allocations/task-spec.ts";
import type { SpecInput } from "./allocations/task-spec.ts";
import { checksOf } from "./allocations/check-plans.ts";
import { decideCheckRestarts, viewChecks, viewTaskHealth } from "./core/node/checks.ts";
import { decideAllocation, groupOf, isRunningFully } from "./core/node/decide-allocation.ts";
import { firstRecord } from "./core/node/records.ts";
import { decideServices } from "./core/node/services.ts";
import { wholeGroup } from "./core/node/types.ts";
import type { AllocationRecord, Outcome, TaskAction } from "./core/node/types.ts";
import { withdrawalAwaitedUntil } from "./core/node/withdrawal.ts";
import type { CheckPlan } from "../model/check.ts";
import type { DesiredAllocation } from "./ports.ts";

/**
 * Brings what runs on this machine in line with the allocations. One turn: take what was heard, look at the engine,
 * decide, write down what is intended, then start doing it. Calls to engines run beside the turns, so that a slow
 * pull never keeps a stop waiting; their outcomes come back as keys.
 */
export class AllocationLoop {
  readonly #options: AllocationLoopOptions;
  readonly #log: Logger;
  readonly #loop: ReconcileLoop;
  readonly #reporter: StatusReporter;
  readonly #entries = new Map<string, AllocationEntry>();
  readonly #operations: Operations;
  readonly #succession: Succession;
  readonly #services: ServiceReporter;
  #hasSynced = false;

  constructor(options: AllocationLoopOptions) {
    this.#options = options;
    const { clock, random, source } = options;
    this.#log = options.log.child("allocations");
    this.#operations = new Operations(options, this.#log, {
      wake: (id) => {
        this.#loop.add(id);
      },
      previousOf: (id) => this.#succession.previousOfUnstarted(id),
    });
    this.#succession = new Succession({
      clock,
      log: this.#log,
      entries: this.#entries,
      configsOf: (desired) => this.configsOf(desired),
      tell: (id, outcome) => {
        this.tell(id, outcome);
      },
      wake: (id) => {
        this.#loop.add(id);
      },
    });
    this.#reporter = new StatusReporter({
      clock,
      random,
      log: this.#log,
      source,
      nodeId: options.node().ID,
    });
    this.#services = new ServiceReporter({
      clock,
      random,
      log: this.#log,
      source,
      nodeId: options.node().ID,
      isForeign: (id) => this.#hasSynced && !this.#entries.has(id),
      withdrawn: (id) => {
        this.tell(id, { kind: "services-withdrawn", task: wholeGroup });
      },
    });
    this.#loop = new ReconcileLoop(clock, random, options.log, {
      name: "allocation-loop",
      concurrency: options.concurrency,
      backoff: { firstMs: 250, maxMs: 10_000 },
      reconcile: (key) => this.#reconcile(key),
    });
  }

  /** Takes up what this node remembers. */
  load(remembered: readonly StoredAllocation[]): void {
    for (const { desired, record } of remembered) {
      const entry = new AllocationEntry(desired.allocation.ID);
      entry.desired = desired;
      entry.record = record;
      this.#entries.set(entry.id, entry);
      this.#loop.add(entry.id);
    }
  }

  /** The servers' full list: what is new is added, what is gone from it is looked at again. */
  sync(desired: readonly DesiredAllocation[]): void {
    const known = new Set<string>(desired.map(({ allocation }) => allocation.ID));
    for (const item of desired) this.update(item);
    this.#hasSynced = true;
    for (const [id, entry] of this.#entries) {
      if (known.has(id)) continue;
      entry.missingSinceMs ??= this.#options.clock.monotonicMs();
      this.#loop.add(id);
    }
  }

  update(desired: DesiredAllocation): void {
    const id = desired.allocation.ID;
    const entry = this.#entries.get(id) ?? new AllocationEntry(desired.allocation.ID);
    this.#entries.set(id, entry);
    entry.missingSinceMs = undefined;
    const isNews =
      entry.desired?.allocation.AllocModifyIndex !== desired.allocation.AllocModifyIndex;
    this.#succession.note(entry, desired);
    entry.desired = desired;
    if (isNews || !entry.record) this.#loop.add(id);
  }

  /** A hint from an engine, or that the servers may have forgotten this allocation. */
  add(id: string): void {
    if (this.#entries.has(id)) this.#loop.add(id);
  }

  missing(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.missingSinceMs ??= this.#options.clock.monotonicMs();
    this.#loop.add(id);
  }

  entry(id: string): AllocationEntry | undefined {
    return this.#entries.get(id);
  }

  entries(): Iterable<AllocationEntry> {
    return this.#entries.values();
  }

  /** Hands an outcome to the next turn. */
  tell(id: string, outcome: Outcome): void {
    this.#entries.get(id)?.outcomes.push(outcome);
    this.#loop.add(id);
  }

  driverOf(task: Task): TaskDriver {
    const driver = this.#options.drivers.get(task.Driver);
    if (!driver) throw new AppError("driver-unreachable", `this node has no driver ${task.Driver}`);
    return driver;
  }

  /** The tasks of an allocation as their drivers would get them; without those that no driver takes. */
  configsOf(desired: DesiredAllocation): readonly TaskConfig[] {
    return groupOf(desired).Tasks.flatMap((task) => {
      const spec = this.specInput(desired, task, 0);
      if (!spec) return [];
      const built = buildTaskSpec({ ...spec, prepared: nothingPrepared });
      return built.ok ? [{ task: task.Name, driver: spec.driver, config: built.spec.config }] : [];
    });
  }

  /** What is known of a start before its folders are filled; undefined without its driver. */
  specInput(
    desired: DesiredAllocation,
    task: Task,
    attempt: number,
  ): Omit<SpecInput, "prepared"> | undefined {
    const { owner, node, region, directories, hostEnv } = this.#options;
    const driver = this.#options.drivers.get(task.Driver);
    if (!driver) return undefined;
    const paths = directories.task(desired.allocation.ID, task.Name);
    const common = { desired, task, driver, owner, node: node(), region, hostEnv, attempt };
    return { ...common, paths, network: undefined };
  }

  /** Clears the files of an allocation away that has ended; its record stays, so that it never runs again. */
  async collect(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) throw new AppError("not-found", `Unknown allocation "${id}"`);
    if (!entry.isOver()) throw new AppError("conflict", `allocation "${id}" has not ended yet`);
    this.#options.logs.forget(id);
    await this.#destroyFolders(id);
  }

  #destroyFolders(id: string): Promise<void> {
    const { directories, failpoint } = this.#options;
    const place: FilesPlace = "folders-remove";
    return around(failpoint, place, () => directories.destroy(id));
  }

  holdNobody(): void {
    this.#succession.holdNobody();
  }

  /** Lets the calls under way end or aborts them; tasks go on running. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#succession.stop();
    await this.#operations.stop();
    await this.#services.stop();
    await this.#reporter.stop();
  }

  async #reconcile(id: string): Promise<Turn> {
    const entry = this.#entries.get(id);
    if (!entry?.desired) return { kind: "done" };
    entry.record ??= await this.#firstRecord(entry.desired);
    if (!entry.record) return { kind: "again", afterMs: 500, reason: "engine not surveyed yet" };
    const wanted = this.#succession.kept(entry, this.#desiredNow(entry, entry.desired));
    let desired = withNetwork(wanted, entry.record);
    const observed = await lookAtAllocation(entry, desired, this.#options);
    const { clock, random } = this.#options;
    const isLookDue = noteObserved(entry, desired, observed, this.#options);
    const checks = checksOf(desired, { ...this.#options, node: this.#options.node() });
    const states = this.#options.checks.states(id);
    const fromChecks = decideCheckRestarts(entry.record, states, clock.nowNs());
    const asked = fromChecks.restarts.map(
      (restart) => ({ kind: "restart-asked", ...restart }) as const,
    );
    // Before the outcomes are taken: what has just failed is not begun anew.
    const isPredecessorGone = this.#succession.isPlaceFree(entry, desired);
    const outcomes = [...entry.outcomes.splice(0), ...asked];
    const decision = decideAllocation({
      ...desired,
      record: entry.record,
      outcomes,
      observed,
      busy: entry.busy,
      isPredecessorGone,
      checks:
        checks.length > 0
          ? viewChecks(checks, states)
          : viewTaskHealth([...entry.healths.values()]),
      nowNs: clock.nowNs(),
      fraction: () => random.fraction(),
    });
    desired = withNetwork(wanted, decision.record);
    entry.record = this.#withHashes(desired, decision.record, decision.actions);
    this.#save(entry);
    this.#report(desired, entry.record, decision);
    // Checks run while the tasks do: before and after, a failure would say nothing.
    const isChecked = isRunningFully(desired, entry.record);
    this.#options.checks.sync(id, isChecked ? checks : []);
    this.#tellServices(entry, desired, checks);
    // Followed before anything is removed: a removal waits for the last lines.
    this.#followLogs(desired, entry.record);
    const inputOf = (task: Task): Omit<SpecInput, "prepared"> | undefined =>
      this.specInput(desired, task, entry.record?.tasks[task.Name]?.attempt ?? 0);
    this.#options.templates.sync(desired, entry.record, inputOf);
    for (const action of decision.actions) this.#operations.launch(entry, desired, action);
    if (decision.isOver) return this.#settle(entry);
    const wakeAtNs = Math.min(decision.wakeAtNs ?? Infinity, fromChecks.wakeAtNs ?? Infinity);
    const dueMs = (wakeAtNs - clock.nowNs()) / 1e6;
    const afterMs = isLookDue ? 1 : Math.max(1, Math.min(dueMs, this.#options.pollMs));
    return { kind: "again", afterMs, reason: "next look" };
  }

  /** An allocation that the servers have forgotten is stopped, but only after a grace while something of it lives. */
  #desiredNow(entry: AllocationEntry, desired: DesiredAllocation): DesiredAllocation {
    if (entry.missingSinceMs === undefined) return desired;
    const missingMs = this.#options.clock.monotonicMs() - entry.missingSinceMs;
    if (missingMs < this.#options.orphanGraceMs) return desired;
    return { ...desired, allocation: { ...desired.allocation, DesiredStatus: "stop" } };
  }

  async #firstRecord(desired: DesiredAllocation): Promise<AllocationRecord | undefined> {
    const group = groupOf(desired);
    const names = new Set(group.Tasks.map((task) => task.Driver));
    const found: ObservedTask[] = [];
    for (const name of names) {
      const driver = this.#options.drivers.get(name);
      if (!driver) continue;
      const listed = this.#options.survey.of(name);
      if (!listed) return undefined;
      found.push(...listed);
    }
    const nowNs = this.#options.clock.nowNs();
    return firstRecord(desired.allocation, group, foundTasks(desired, found), nowNs);
  }

  #withHashes(
    desired: DesiredAllocation,
    record: AllocationRecord,
    actions: readonly TaskAction[],
  ): AllocationRecord {
    const tasks = { ...record.tasks };
    for (const action of actions) {
      const task = tasks[action.task];
      if (action.kind !== "start" || !task || task.specHash !== undefined) continue;
      const wanted = groupOf(desired).Tasks.find(({ Name }) => Name === action.task);
      const spec = wanted && this.specInput(desired, wanted, action.attempt);
      const built = spec && buildTaskSpec({ ...spec, prepared: nothingPrepared });
      if (built?.ok) tasks[action.task] = { ...task, specHash: built.spec.specHash };
    }
    return { ...record, tasks };
  }

  #save(entry: AllocationEntry): void {
    if (!entry.desired || !entry.record) return;
    const row = encodeStored({ desired: entry.desired, record: entry.record });
    if (row.record + row.desired === entry.saved) return;
    this.#options.db.putAllocation(row);
    entry.saved = row.record + row.desired;
  }

  #report(
    desired: DesiredAllocation,
    record: AllocationRecord,
    status: Pick<ReturnType<typeof decideAllocation>, "clientStatus" | "clientDescription">,
  ): void {
    const { ID: id, ClientStatus, NetworkStatus } = desired.allocation;
    const networkStatus = record.network?.status ?? NetworkStatus ?? noOwnNetwork;
    const { clientStatus, clientDescription } = status;
    const taskStates = Object.fromEntries(
      Object.entries(record.tasks).map(([name, task]) => [name, task.state]),
    );
    const health = record.health?.verdict ?? null;
    const report = { id, clientStatus, clientDescription, taskStates, networkStatus, health };
    this.#reporter.tell(report, ClientStatus);
  }

  #tellServices(
    entry: AllocationEntry,
    desired: DesiredAllocation,
    plans: readonly CheckPlan[],
  ): void {
    const { record, networks, healths } = entry;
    if (!record) return;
    const node = this.#options.node();
    const states = new Map(
      this.#options.checks.states(entry.id).map((state) => [state.plan.id, state.result]),
    );
    const decision = decideServices({
      ...desired,
      group: groupOf(desired),
      record,
      node,
      tables: serviceTables(desired, { ...this.#options, node }),
      findings: plans.map((plan) => ({ plan, result: states.get(plan.id) ?? notRunYet })),
      networks,
      healths: [...healths.values()],
    });
    const isAwaited = withdrawalAwaitedUntil(record, this.#options.clock.nowNs()) !== undefined;
    this.#services.tell(entry.id, decision, isAwaited);
  }

  #followLogs(desired: DesiredAllocation, record: AllocationRecord): void {
    for (const task of groupOf(desired).Tasks) {
      const handle = record.tasks[task.Name]?.handle;
      const driver = this.#options.drivers.get(task.Driver);
      if (handle === undefined || !driver || task.LogConfig.Disabled) continue;
      this.#options.logs.follow({
        allocationId: desired.allocation.ID,
        task: task.Name,
        handle,
        driver,
        logConfig: task.LogConfig,
      });
    }
  }

  /** Nothing runs any more: successors may start, and what the servers have forgotten is cleared away. */
  async #settle(entry: AllocationEntry): Promise<Turn> {
    for (const id of this.#succession.waiting()) this.#loop.add(id);
    if (entry.missingSinceMs === undefined) return { kind: "done" };
    this.#options.logs.forget(entry.id);
    if (entry.desired) this.#options.templates.forget(entry.desired);
    await this.#destroyFolders(entry.id);
    this.#options.db.removeAllocation(entry.id);
    this.#reporter.forget(entry.id);
    this.#services.forget(entry.id);
    this.#succession.forget(entry.id);
    this.#entries.delete(entry.id);
    this.#log.info({ allocationId: entry.id }, "allocation cleared away");
    return { kind: "done" };
  }
}

const notRunYet = { status: "pending" } as const;

/** The hash of a start is taken before its folders are filled. */
const nothingPrepared = { mounts: [], env: {} };

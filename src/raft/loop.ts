import { breatherOf } from "../lib/breather.ts";
import type { Breather } from "../lib/breather.ts";
import type { Clock } from "../lib/clock.ts";
import { AppError, assert, errorText } from "../lib/errors.ts";
import type { Failpoint } from "../lib/failpoint.ts";
import { noFailpoint } from "../lib/failpoint.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import { RaftCore } from "./core/raft-core.ts";
import { TermLog } from "./core/term-log.ts";
import type { Entry, IndexRange, Message, Outgoing, PeerId, Ready, Role } from "./core/types.ts";
import type { LogStore } from "./log-store.ts";
import type { StateMachine } from "./state-machine.ts";
import type { RaftTransport } from "./transport.ts";

export interface RaftLoopOptions<Outcome> {
  readonly id: PeerId;
  readonly peers: readonly PeerId[];
  readonly store: LogStore;
  readonly stateMachine: StateMachine<Outcome>;
  readonly transport: RaftTransport;
  readonly onFatal: (error: Error) => void;
  readonly tuning?: Partial<RaftTuning>;
  /** Where tests kill the process: before and after each append to the log and each step of the state machine. */
  readonly failpoint?: Failpoint;
}
export interface RaftTuning {
  readonly tickMs: number;
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  readonly maxEntriesPerMessage: number;
  /** Entries in one state machine step: bounds how long it keeps the event loop. */
  readonly maxEntriesPerApply: number;
  /** Proposals that may wait for an answer; more are refused at once. */
  readonly maxPending: number;
  readonly snapshotEvery: number;
  readonly keepBehindSnapshot: number;
}
export interface RaftStatus {
  readonly term: number;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
  readonly commitIndex: number;
  readonly appliedIndex: number;
  readonly state: Role;
  readonly numPeers: number;
  readonly leader: PeerId | undefined;
  readonly lastSnapshotIndex: number;
  readonly lastSnapshotTerm: number;
}
export interface Committed<Outcome> {
  readonly index: number;
  readonly outcome: Outcome;
}

const defaults: RaftTuning = {
  tickMs: 100,
  electionTicks: 10,
  heartbeatTicks: 1,
  maxEntriesPerMessage: 64,
  maxEntriesPerApply: 32,
  maxPending: 10_000,
  snapshotEvery: 8192,
  keepBehindSnapshot: 10_240,
};

interface Pending<Outcome> {
  readonly term: number;
  readonly resolve: (committed: Committed<Outcome>) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Drives RaftCore: what it says is persisted, then sent, then applied. While one batch is being written, the next one
 * gathers and the one before is applied; so concurrent proposals share one fsync and one transaction.
 */
export class RaftLoop<Outcome> {
  readonly #clock: Clock;
  readonly #breather: Breather;
  readonly #log: Logger;
  readonly #options: RaftLoopOptions<Outcome>;
  readonly #tuning: RaftTuning;
  readonly #failpoint: Failpoint;
  readonly #core: RaftCore;
  readonly #unapplied = new Map<number, Entry>();
  readonly #pending = new Map<number, Pending<Outcome>>();
  readonly #listeners = new Set<(isLeader: boolean) => void>();
  readonly #endListeners: ((reason: AppError) => void)[] = [];
  readonly #stopListening: () => void;
  #cancelTick: (() => void) | undefined;
  #applied: number;
  #snapshotAt: number;
  #snapshotting: Promise<void> | undefined;
  #leadsFrom: number | undefined;
  #isLeader = false;
  #running: Promise<void> | undefined;
  #stopped: AppError | undefined;

  constructor(clock: Clock, random: Random, log: Logger, options: RaftLoopOptions<Outcome>) {
    this.#clock = clock;
    this.#breather = breatherOf(clock);
    this.#log = log.child("raft");
    this.#options = options;
    this.#tuning = { ...defaults, ...options.tuning };
    this.#failpoint = options.failpoint ?? noFailpoint;
    const { stored } = options.store;
    this.#applied = options.stateMachine.appliedIndex;
    this.#snapshotAt = Math.max(
      stored.base.index,
      this.#applied - (this.#applied % this.#tuning.snapshotEvery),
    );
    this.#core = new RaftCore(random, {
      id: options.id,
      peers: options.peers,
      hardState: stored.hardState,
      log: new TermLog(stored.base, stored.runs, stored.last.index),
      applied: this.#applied,
      electionTicks: this.#tuning.electionTicks,
      heartbeatTicks: this.#tuning.heartbeatTicks,
      maxEntriesPerMessage: this.#tuning.maxEntriesPerMessage,
    });
    this.#stopListening = options.transport.listen((message) => {
      this.#core.step(message);
      this.#wake();
    });
    if (options.peers.length === 0) this.#core.campaign();
    else this.#scheduleTick();
    this.#wake();
  }

  /** Resolves when the entry is applied here. Rejects when this server does not lead or stops first. */
  propose(data: Uint8Array): Promise<Committed<Outcome>> {
    if (this.#stopped) return Promise.reject(this.#stopped);
    if (this.#pending.size >= this.#tuning.maxPending)
      return Promise.reject(new AppError("unavailable", "too many writes are waiting"));
    const [place] = this.#core.propose([data]) ?? [];
    if (place === undefined) return Promise.reject(new AppError("no-leader", "No cluster leader"));
    return new Promise((resolve, reject) => {
      this.#pending.set(place.index, { term: place.term, resolve, reject });
      this.#wake();
    });
  }

  status(): RaftStatus {
    const last = this.#core.last;
    return {
      term: this.#core.term,
      lastLogIndex: last.index,
      lastLogTerm: last.term,
      commitIndex: this.#core.commit,
      appliedIndex: this.#applied,
      state: this.#core.role,
      numPeers: this.#options.peers.length,
      leader: this.#core.leader,
      lastSnapshotIndex: this.#snapshotAt,
      lastSnapshotTerm: this.#core.termAt(this.#snapshotAt) ?? 0,
    };
  }

  /** True only when everything that was committed before this leadership is applied: reads are then current. */
  isLeader(): boolean {
    return this.#isLeader;
  }

  /** Called at once with the present state and after each change. Returns the unsubscribe function. */
  subscribe(listener: (isLeader: boolean) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#isLeader);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Calls with the reason when the loop ends, by a failure or by `stop`. */
  whenEnded(listener: (reason: AppError) => void): void {
    if (this.#stopped) listener(this.#stopped);
    else this.#endListeners.push(listener);
  }

  async stop(): Promise<void> {
    this.#end(new AppError("cancelled", "the server stops"));
    await this.#running;
    await this.#snapshotting;
  }

  #scheduleTick(): void {
    this.#cancelTick = this.#clock.after(this.#tuning.tickMs, () => {
      this.#core.tick();
      this.#scheduleTick();
      this.#wake();
    });
  }

  #wake(): void {
    if (this.#running || this.#stopped) return;
    this.#running = this.#runGuarded();
  }

  async #runGuarded(): Promise<void> {
    try {
      await this.#run();
    } catch (thrown) {
      const isStorage = thrown instanceof AppError && thrown.code === "storage";
      const cause = new AppError("storage", "the log could not be carried on", { cause: thrown });
      this.#fail(isStorage ? thrown : cause);
    }
  }

  async #run(): Promise<void> {
    // One microtask later, so that all who propose in the same moment share the batch.
    await Promise.resolve();
    while (!this.#stopped) {
      const ready = this.#core.takeReady();
      if (ready === undefined) {
        this.#tellLeadership();
        // In the same step as the look at the core: a proposal that comes next must find nobody running.
        this.#running = undefined;
        return;
      }
      await Promise.all([this.#persist(ready), ready.committed && this.#apply(ready.committed)]);
      await this.#send(ready.messages);
      const newest = ready.entries.at(-1);
      if (newest) this.#core.persisted(newest);
      this.#tellLeadership();
      this.#snapshotWhenDue();
      await this.#breather.breathe();
    }
    this.#tellLeadership();
  }

  async #persist(ready: Ready): Promise<void> {
    if (ready.needSnapshot.length > 0)
      throw new AppError("unsupported", "a peer needs a snapshot, which cannot be sent yet");
    for (const entry of ready.entries) this.#unapplied.set(entry.index, entry);
    const { hardState, truncateFrom, entries } = ready;
    if (hardState || truncateFrom !== undefined || entries.length > 0) {
      this.#failpoint("append:before");
      await this.#options.store.append({ hardState, truncateFrom, entries });
      this.#failpoint("append:after");
    }
  }

  async #apply(range: IndexRange): Promise<void> {
    for (let from = range.from; from <= range.to && !this.#stopped;) {
      const to = Math.min(range.to, from + this.#tuning.maxEntriesPerApply - 1);
      const entries = await this.#entries({ from, to });
      await this.#options.stateMachine.prepare?.(entries);
      this.#failpoint("apply:before");
      const outcomes = this.#options.stateMachine.apply(entries);
      this.#failpoint("apply:after");
      assert(outcomes.length === entries.length, "one outcome for each entry");
      this.#applied = to;
      for (const [at, entry] of entries.entries()) this.#settle(entry, outcomes[at]);
      from = to + 1;
      if (from <= range.to) await this.#breather.breathe();
    }
  }

  /** From memory when they were just written, otherwise from the log. */
  async #entries(range: IndexRange): Promise<readonly Entry[]> {
    const recent: Entry[] = [];
    for (let index = range.from; index <= range.to; index++) {
      const entry = this.#unapplied.get(index);
      if (entry) recent.push(entry);
    }
    const wanted = range.to - range.from + 1;
    const entries = recent.length === wanted ? recent : await this.#options.store.read(range);
    assert(entries.length === wanted, "a committed entry is in the log");
    return entries;
  }

  #settle(entry: Entry, outcome: Outcome | undefined): void {
    this.#unapplied.delete(entry.index);
    const pending = this.#pending.get(entry.index);
    if (pending === undefined) return;
    this.#pending.delete(entry.index);
    if (pending.term === entry.term && outcome !== undefined)
      pending.resolve({ index: entry.index, outcome });
    else
      pending.reject(
        new AppError("no-leader", "leadership was lost before the write was committed"),
      );
  }

  async #send(outgoing: readonly Outgoing[]): Promise<void> {
    const messages: Message[] = [];
    for (const message of outgoing) {
      if (message.kind === "append-order") {
        const { range, kind: _, ...rest } = message;
        const entries = range ? await this.#entries(range) : [];
        messages.push({ ...rest, kind: "append-request", entries });
      } else messages.push(message);
    }
    if (messages.length > 0) this.#options.transport.send(messages);
  }

  #tellLeadership(): void {
    if (this.#core.role !== "leader") this.#leadsFrom = undefined;
    else this.#leadsFrom ??= this.#core.last.index;
    const isLeader =
      !this.#stopped && this.#leadsFrom !== undefined && this.#applied >= this.#leadsFrom;
    if (isLeader === this.#isLeader) return;
    this.#isLeader = isLeader;
    this.#log.info(
      { isLeader, term: this.#core.term, applied: this.#applied },
      "leadership changed",
    );
    for (const listener of this.#listeners) listener(isLeader);
  }

  #snapshotWhenDue(): void {
    if (this.#snapshotting || this.#stopped) return;
    if (this.#applied - this.#snapshotAt < this.#tuning.snapshotEvery) return;
    this.#snapshotting = this.#snapshotGuarded(this.#applied);
  }

  async #snapshotGuarded(index: number): Promise<void> {
    try {
      await this.#snapshot(index);
    } catch (thrown) {
      this.#log.warn({ index, error: errorText(thrown) }, "snapshot failed");
    }
    this.#snapshotting = undefined;
  }

  async #snapshot(index: number): Promise<void> {
    // Moved on first, so that a failing copy is tried again only after as many entries more.
    this.#snapshotAt = index;
    await this.#options.store.snapshot({ index, term: this.#core.term });
    const through = index - this.#tuning.keepBehindSnapshot;
    if (through <= 0 || this.#stopped) return;
    await this.#options.store.compact(through);
    this.#core.compacted(through);
    this.#log.info({ index, through }, "log compacted behind a snapshot");
  }

  #fail(failure: AppError): void {
    if (this.#stopped) return;
    this.#end(failure);
    this.#options.onFatal(failure);
  }

  #end(reason: AppError): void {
    if (this.#stopped) return;
    this.#stopped = reason;
    this.#cancelTick?.();
    this.#stopListening();
    for (const pending of this.#pending.values()) pending.reject(reason);
    this.#pending.clear();
    this.#tellLeadership();
    for (const listener of this.#endListeners.splice(0)) listener(reason);
  }
}

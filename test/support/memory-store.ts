import type { Clock } from "../../src/lib/clock.ts";
import type { Allocation } from "../../src/model/allocation.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import type { Evaluation } from "../../src/model/evaluation.ts";
import type { Job } from "../../src/model/job.ts";
import type { Node } from "../../src/model/node.ts";
import { createChangeFeed } from "../../src/store/changes.ts";
import { encodeCommand } from "../../src/store/command-codec.ts";
import type { CommandBodies, CommandType } from "../../src/store/commands.ts";
import type { StateReader } from "../../src/store/reader.ts";
import { openState } from "../../src/store/state-machine.ts";
import type { StateDatabase } from "../../src/store/state-machine.ts";
import { createStateReader } from "../../src/store/state-reader.ts";
import type { Store, Written } from "../../src/store/store.ts";

/** The real state in memory, without a log: a command is applied when it is written. */
export class MemoryStore implements Store {
  readonly changes = createChangeFeed();
  readonly written: { readonly type: CommandType; readonly body: unknown }[] = [];
  readonly read: StateReader;
  readonly leadership: Store["leadership"];
  /** Called before each write; may throw to play a failing log. */
  beforeWrite: ((type: CommandType) => void) | undefined;
  /** Called after each applied command: a place for invariants. */
  afterWrite: ((type: CommandType) => void) | undefined;
  #index = 1;
  #isLeader = true;
  readonly #listeners = new Set<(isLeader: boolean) => void>();
  readonly #clock: Clock;
  readonly #state: StateDatabase;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#state = openState(":memory:", (batch) => {
      this.changes.publish(batch);
    });
    // Real logs begin with the entry of the first leader.
    this.#state.machine.apply([{ index: this.#index, term: 1, data: new Uint8Array(0) }]);
    this.read = createStateReader(this.#state.tables);
    this.leadership = {
      isLeader: () => this.#isLeader,
      leaderId: () => "server-1",
      subscribe: (listener) => {
        this.#listeners.add(listener);
        listener(this.#isLeader);
        return () => {
          this.#listeners.delete(listener);
        };
      },
    };
  }

  setLeader(isLeader: boolean): void {
    this.#isLeader = isLeader;
    for (const listener of this.#listeners) listener(isLeader);
  }

  async write<K extends CommandType>(type: K, body: CommandBodies[K]): Promise<Written<K>> {
    await Promise.resolve();
    this.beforeWrite?.(type);
    this.#index += 1;
    this.written.push({ type, body });
    const data = encodeCommand({ type, proposedAt: this.#clock.nowNs(), body });
    const [outcome] = this.#state.machine.apply([{ index: this.#index, term: 1, data }]);
    this.afterWrite?.(type);
    return { index: this.#index, outcome: outcome as Written<K>["outcome"] };
  }

  close(): void {
    this.#state.close();
  }

  /** All versions of each job, the newest first, by `namespace\nid`. */
  get jobs(): ReadonlyMap<string, readonly Job[]> {
    const keys = this.read
      .jobs({ namespace: "*" })
      .map((job) => ({ namespace: job.Namespace, id: job.ID }));
    return new Map(keys.map((key) => [`${key.namespace}\n${key.id}`, this.read.jobVersions(key)]));
  }

  get allocations(): ReadonlyMap<string, Allocation> {
    return byId(this.read.allocations({ namespace: "*" }));
  }

  get evaluations(): ReadonlyMap<string, Evaluation> {
    return byId(this.read.evaluations({ namespace: "*" }));
  }

  get deployments(): ReadonlyMap<string, Deployment> {
    return byId(this.read.deployments({ namespace: "*" }));
  }

  get nodes(): ReadonlyMap<string, Node> {
    return byId(this.read.nodes({}));
  }
}

const byId = <Row extends { readonly ID: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, Row> => new Map(rows.map((row) => [row.ID, row]));

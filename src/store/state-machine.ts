import type { Breather } from "../lib/breather.ts";
import { AppError } from "../lib/errors.ts";
import { runSteps } from "../lib/run-steps.ts";
import { inTransaction, openDatabase } from "../lib/system/sqlite.ts";
import type { Database } from "../lib/system/sqlite.ts";
import type { Entry, StateMachine } from "../raft/state-machine.ts";
import { applyCommand } from "./apply/handlers.ts";
import { readyVersion } from "./apply/ready-version.ts";
import type { ReadyVersion, Transaction } from "./apply/transaction.ts";
import type { Change, ChangeBatch } from "./changes.ts";
import { decodeCommand } from "./command-codec.ts";
import type { Command, CommandOutcomes, CommandType } from "./commands.ts";
import { seedBuiltins } from "./builtins.ts";
import { digestState } from "./state-digest.ts";
import { schema, schemaVersion } from "./tables/schema.ts";
import { flushTables, openTables } from "./tables/tables.ts";
import type { Tables } from "./tables/tables.ts";

export type AnyOutcome = CommandOutcomes[CommandType];
export interface StateDatabase {
  readonly tables: Tables;
  readonly machine: StateMachine<AnyOutcome>;
  /** A hash over all rows; reads everything, so only for tests and integrity checks. */
  digest(): string;
  close(): void;
}

/** Entries of fewer bytes take too little time to be got ready. */
const largeFrom = 32 * 1024;

export interface StateOptions {
  /** Reads the bytes of an entry; `decodeCommand` unless the server knows its own commands. */
  readonly decode?: (data: Uint8Array) => Command;
  /** Without it all work of an entry is done while it is applied. */
  readonly breather?: Breather;
}

/** Opens the applied state. `publish` is called after each commit, once for each entry that changed something. */
export function openState(
  path: string,
  publish: (batch: ChangeBatch) => void,
  options: StateOptions = {},
): StateDatabase {
  const database = openDatabase({ path, synchronous: "normal", autoCheckpointPages: 0 });
  database.exec(schema);
  const stored = Number(
    database.prepare("SELECT schema FROM applied WHERE id = 1").get()?.["schema"],
  );
  if (stored !== schemaVersion) {
    database.close();
    const detail = `it has schema ${stored}, this version of the program knows ${schemaVersion}`;
    throw new AppError("storage", `${path} cannot be read: ${detail}`);
  }
  const tables = openTables(database);
  inTransaction(database, () => {
    seedBuiltins(tables);
    flushTables(tables);
    tables.indexes.save(tables.indexes.applied());
    tables.parts.dropAfter(tables.indexes.applied());
  });
  const applier = new Applier(tables, options);
  return {
    tables,
    machine: {
      get appliedIndex() {
        return tables.indexes.applied();
      },
      prepare: (entries) => applier.prepare(entries),
      apply: (entries) => applyEntries(database, applier, entries, publish),
    },
    digest: () => digestState(database),
    close: () => {
      database.close();
    },
  };
}

/** One transaction for all entries and for the index that they reach. */
function applyEntries(
  database: Database,
  applier: Applier,
  entries: readonly Entry[],
  publish: (batch: ChangeBatch) => void,
): readonly (AnyOutcome | undefined)[] {
  const batches: ChangeBatch[] = [];
  // Whoever applies ends the process on a throw: memory may be ahead of the tables then.
  const outcomes = inTransaction(database, () => {
    const results = entries.map((entry) => {
      const { outcome, changes } = applier.apply(entry);
      if (changes.length > 0) batches.push({ index: entry.index, changes });
      return outcome;
    });
    applier.save(entries.at(-1)?.index);
    return results;
  });
  for (const batch of batches) publish(batch);
  return outcomes;
}

interface Applied {
  readonly outcome: AnyOutcome | undefined;
  readonly changes: readonly Change[];
}

/** Entries to rows. What was got ready for an entry is forgotten when that is applied. */
class Applier {
  readonly #tables: Tables;
  readonly #decode: (data: Uint8Array) => Command;
  readonly #breather: Breather | undefined;
  readonly #decoded = new Map<number, Command>();
  readonly #ready = new Map<number, ReadyVersion>();

  constructor(tables: Tables, { decode = decodeCommand, breather }: StateOptions) {
    this.#tables = tables;
    this.#decode = decode;
    this.#breather = breather;
  }

  /** undefined when nothing of it takes long: most entries are not worth a wait. */
  prepare(entries: readonly Entry[]): Promise<void> | undefined {
    const breather = this.#breather;
    if (breather === undefined) return undefined;
    const large = entries.filter((entry) => this.#isLong(entry));
    return large.length === 0 ? undefined : this.#prepareAll(large, breather);
  }

  /** A short entry is one too when it makes a new version of a large job. */
  #isLong({ index, data }: Entry): boolean {
    if (data.length === 0 || data.length > largeFrom) return data.length > 0;
    const command = this.#decode(data);
    this.#decoded.set(index, command);
    if (command.type !== "job.scale") return false;
    const { namespace, id } = command.body.key;
    const job = this.#tables.jobs.get(namespace, id);
    return job !== undefined && this.#tables.parts.refOf(job.TaskGroups) !== undefined;
  }

  async #prepareAll(entries: readonly Entry[], breather: Breather): Promise<void> {
    for (const { index, data } of entries) {
      await breather.breathe();
      const command = this.#decoded.get(index) ?? this.#decode(data);
      this.#decoded.set(index, command);
      const ready = await runSteps(readyVersion(this.#tables, index, command), breather);
      if (ready) this.#ready.set(index, ready);
    }
  }

  apply(entry: Entry): Applied {
    if (entry.data.length === 0) return { outcome: undefined, changes: [] };
    const command = this.#decoded.get(entry.index) ?? this.#decode(entry.data);
    const tx: Transaction = {
      tables: this.#tables,
      index: entry.index,
      at: command.proposedAt,
      changes: [],
      affectedJobs: new Map(),
      ready: this.#ready.get(entry.index),
    };
    this.#decoded.delete(entry.index);
    this.#ready.delete(entry.index);
    const outcome = applyCommand(tx, command);
    this.#tables.parts.settle(entry.index);
    return { outcome, changes: tx.changes };
  }

  save(index: number | undefined): void {
    const { indexes } = this.#tables;
    flushTables(this.#tables);
    indexes.save(index ?? indexes.applied());
  }
}

import { AppError } from "../lib/errors.ts";
import { inTransaction, openDatabase } from "../lib/system/sqlite.ts";
import type { Database } from "../lib/system/sqlite.ts";
import type { Entry, StateMachine } from "../raft/state-machine.ts";
import { applyCommand } from "./apply/handlers.ts";
import type { Transaction } from "./apply/transaction.ts";
import type { Change, ChangeBatch } from "./changes.ts";
import { decodeCommand } from "./command-codec.ts";
import type { CommandOutcomes, CommandType } from "./commands.ts";
import { seedBuiltins } from "./builtins.ts";
import { digestState } from "./state-digest.ts";
import { schema, schemaVersion } from "./tables/schema.ts";
import { openTables } from "./tables/tables.ts";
import type { Tables } from "./tables/tables.ts";

export type AnyOutcome = CommandOutcomes[CommandType];
export interface StateDatabase {
  readonly tables: Tables;
  readonly machine: StateMachine<AnyOutcome>;
  /** A hash over all rows; reads everything, so only for tests and integrity checks. */
  digest(): string;
  close(): void;
}

/** Opens the applied state. `publish` is called after each commit, once for each entry that changed something. */
export function openState(path: string, publish: (batch: ChangeBatch) => void): StateDatabase {
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
    tables.indexes.save(tables.indexes.applied());
  });
  return {
    tables,
    machine: {
      get appliedIndex() {
        return tables.indexes.applied();
      },
      apply: (entries) => applyEntries(database, tables, entries, publish),
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
  tables: Tables,
  entries: readonly Entry[],
  publish: (batch: ChangeBatch) => void,
): readonly (AnyOutcome | undefined)[] {
  const batches: ChangeBatch[] = [];
  // Whoever applies ends the process on a throw: memory may be ahead of the tables then.
  const outcomes = inTransaction(database, () => {
    const results = entries.map((entry) => {
      const { outcome, changes } = applyEntry(tables, entry);
      if (changes.length > 0) batches.push({ index: entry.index, changes });
      return outcome;
    });
    tables.indexes.save(entries.at(-1)?.index ?? tables.indexes.applied());
    return results;
  });
  for (const batch of batches) publish(batch);
  return outcomes;
}

function applyEntry(
  tables: Tables,
  entry: Entry,
): { readonly outcome: AnyOutcome | undefined; readonly changes: readonly Change[] } {
  if (entry.data.length === 0) return { outcome: undefined, changes: [] };
  const command = decodeCommand(entry.data);
  const tx: Transaction = {
    tables,
    index: entry.index,
    at: command.proposedAt,
    changes: [],
    affectedJobs: new Map(),
  };
  return { outcome: applyCommand(tx, command), changes: tx.changes };
}

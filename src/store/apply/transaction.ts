import type { JobKey } from "../../model/ids.ts";
import type { Job, TaskGroupSummary } from "../../model/job.ts";
import { jobKeyText } from "../../model/ids.ts";
import type { Change } from "../changes.ts";
import type { CommandBodies, CommandOutcomes, CommandType } from "../commands.ts";
import type { TableName } from "../reader.ts";
import type { Tables } from "../tables/tables.ts";

/** What one command may touch while it is applied. */
export interface Transaction {
  readonly tables: Tables;
  readonly index: number;
  /** Unix nanoseconds, as the proposer read its clock. */
  readonly at: number;
  readonly changes: Change[];
  /** Jobs whose status or summary may have to follow, settled once at the end of the command. */
  readonly affectedJobs: Map<string, AffectedJob>;
  /** What was worked out before the command had the event loop for itself. */
  readonly ready?: ReadyVersion | undefined;
}
/** A version of a job that a command wants written; good only while `existing` is what is stored. */
export interface ReadyVersion {
  readonly existing: Job | undefined;
  readonly job: Job;
  /** Its spec is the one that is stored. */
  readonly isSame: boolean;
}
/** By how much each count of a group changes. */
export type SummaryDelta = Partial<Record<keyof TaskGroupSummary, number>>;
export interface AffectedJob {
  readonly key: JobKey;
  readonly delta: Map<string, SummaryDelta>;
  /** Queued counts that an evaluation brought. */
  queued: { readonly [group: string]: number } | undefined;
  /** The job had evaluations, which this command removes. */
  hadEvaluations: boolean;
}
export type Handler<K extends CommandType> = (
  tx: Transaction,
  body: CommandBodies[K],
) => CommandOutcomes[K];

export const done = { ok: true } as const;

export function touch(tx: Transaction, table: TableName, key: string): void {
  tx.tables.indexes.touch(table, tx.index);
  tx.changes.push({ table, key });
}

export function affect(tx: Transaction, key: JobKey): AffectedJob {
  const text = jobKeyText(key);
  const known = tx.affectedJobs.get(text);
  if (known) return known;
  const affected = { key, delta: new Map(), queued: undefined, hadEvaluations: false };
  tx.affectedJobs.set(text, affected);
  return affected;
}

import type { Json } from "../lib/json.ts";
import type { Job, MigrateStrategy, ReschedulePolicy } from "../model/job.ts";

/**
 * A job as people send it: the wire's names, everything optional. What `POST /v1/jobs/parse` answers and what
 * `PUT /v1/jobs` takes. null and absent mean the same: not written. `admitJob` makes a stored `Job` of it.
 */
export type Body<T> = T extends readonly (infer Item)[]
  ? readonly Body<Item>[]
  : T extends Json[]
    ? T
    : T extends object
      ? string extends keyof T
        ? { readonly [K in keyof T]: Body<T[K]> }
        : { readonly [K in keyof T]?: Body<T[K]> | null }
      : T;

export type JobBody = Body<Omit<Job, "ID" | "Type" | "Status">> & {
  readonly ID?: string | null;
  /** Any text: validation says which types there are. */
  readonly Type?: string | null;
  readonly Status?: string | null;
  /** Job-level defaults that canonicalize copies to the groups. */
  readonly Reschedule?: Body<ReschedulePolicy> | null;
  readonly Migrate?: Body<MigrateStrategy> | null;
  readonly ConsulToken?: string | null;
  readonly VaultToken?: string | null;
};

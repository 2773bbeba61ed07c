import type { Job } from "./job.ts";

/** What registering or running a job changes in it without the spec being another one. */
const bookkeeping: ReadonlySet<string> = new Set<keyof Job>([
  "Status",
  "StatusDescription",
  "Stable",
  "Version",
  "VersionTag",
  "SubmitTime",
  "CreateIndex",
  "ModifyIndex",
  "JobModifyIndex",
]);

/** True when registering `b` over `a` would change nothing: all of the spec is equal, deeply. */
export const isSameJobSpec = (a: Job, b: Job): boolean => isSameObject(a, b, bookkeeping);

export const isPeriodic = (job: Job): boolean => job.Periodic !== null;
export const isParameterized = (job: Job): boolean =>
  job.ParameterizedJob !== null && !job.Dispatched;

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return isSameList(a, b);
  return isSameObject(a, b);
}

const isSameList = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) &&
  Array.isArray(b) &&
  a.length === b.length &&
  a.every((item, at) => isSame(item, b[at]));

function isSameObject(a: object, b: object, ignored?: ReadonlySet<string>): boolean {
  const left = new Map<string, unknown>(Object.entries(a));
  const right = new Map<string, unknown>(Object.entries(b));
  for (const key of ignored ?? []) {
    left.delete(key);
    right.delete(key);
  }
  if (left.size !== right.size) return false;
  for (const [key, value] of left)
    if (!right.has(key) || !isSame(value, right.get(key))) return false;
  return true;
}

import type { Job } from "./job.ts";

/** What the server keeps about a job, as opposed to what its author wrote. */
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

/** Whether registering `b` over `a` would change nothing that was asked for. */
export function isSameJobSpec(a: Job, b: Job): boolean {
  return isEqual(specOf(a), specOf(b));
}

const specOf = (job: Job): object =>
  Object.fromEntries(Object.entries(job).filter(([name]) => !bookkeeping.has(name)));

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && isEqual(value, right.get(key)))
  );
}

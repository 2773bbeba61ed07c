import { canonicalJob } from "./core/model/canonical-job.ts";
import type { JobBody } from "./job-body.ts";

/** Fills in every default that does not need the cluster. Canonicalizing twice changes nothing. */
export function canonicalizeJobBody(body: JobBody): JobBody {
  return canonicalJob(body);
}

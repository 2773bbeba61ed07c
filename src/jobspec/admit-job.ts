import { createHash } from "node:crypto";
import { canonicalJob } from "./core/model/canonical-job.ts";
import { faultsOf, textsOf } from "./core/model/faults.ts";
import type { JobFault } from "./core/model/faults.ts";
import { droppedWarnings, jobWarnings, memoryMaxWarnings } from "./core/model/job-warnings.ts";
import { namespaceFaults } from "./core/model/namespace-rules.ts";
import { storedJob } from "./core/model/stored-job.ts";
import { unsupportedFaults } from "./core/model/unsupported.ts";
import { jobFaults } from "./core/model/validate-job.ts";
import type { JobBody } from "./job-body.ts";
import { findingsOf } from "./job-findings.ts";
import type { JobFinding } from "./job-findings.ts";
import { errorText } from "../lib/errors.ts";
import { linearPattern } from "../lib/system/regexp.ts";
import type { Job, JsonMap, StringMap } from "../model/job.ts";

export interface AdmitContext {
  /** Where the request came in, for bodies that name none. */
  readonly namespace: string;
  readonly region: string;
  readonly namespaceExists: (name: string) => boolean;
  readonly nodePoolExists: (name: string) => boolean;
  /** What a namespace lets its jobs use; undefined where nobody knows. */
  readonly namespaceCapabilities?: (name: string) => JsonMap | null;
  /** Whether tasks may use up to their memory_max; undefined where nobody knows. */
  readonly memoryOversubscription?: boolean;
}
export type Admission =
  | {
      readonly ok: true;
      readonly job: Job;
      readonly warnings: readonly string[];
      readonly findings: readonly JobFinding[];
    }
  | {
      readonly ok: false;
      /** As it would be stored. */
      readonly job: Job;
      readonly errors: readonly string[];
      readonly warnings: readonly string[];
      /** The same errors and warnings one by one, with the way to what each is about. */
      readonly findings: readonly JobFinding[];
    };

/** What register, plan and validate share: canonicalize, add what the server adds, validate. */
export function admitJob(body: JobBody, context: AdmitContext): Admission {
  const placed: JobBody = {
    ...body,
    Namespace: body.Namespace || context.namespace,
    Region: body.Region || context.region,
  };
  const job = storedJob(canonicalJob(placed), policyId);
  const warnings = [
    ...jobWarnings(job),
    ...(context.memoryOversubscription === false ? memoryMaxWarnings(job) : []),
    ...droppedWarnings(body.TaskGroups ?? []),
  ];
  const errors = [
    ...unsupportedFaults(job),
    ...clusterFaults(job, context),
    ...jobFaults(job, regexFault),
  ];
  const findings = [...findingsOf(errors, job, "error"), ...findingsOf(warnings, job, "warning")];
  const texts = textsOf(warnings);
  return errors.length === 0
    ? { ok: true, job, warnings: texts, findings }
    : { ok: false, job, errors: textsOf(errors), warnings: texts, findings };
}

function clusterFaults(job: Job, context: AdmitContext): JobFault[] {
  const { ID: id, Namespace: namespace, NodePool: pool } = job;
  return [
    ...faultsOf([
      !context.namespaceExists(namespace),
      `job "${id}" is in nonexistent namespace "${namespace}"`,
      "Namespace",
    ]),
    ...namespaceFaults(job, context.namespaceCapabilities?.(namespace) ?? null),
    ...faultsOf([
      pool !== "all" && !context.nodePoolExists(pool),
      `job "${id}" is in nonexistent node pool "${pool}"`,
      "NodePool",
    ]),
  ];
}

/** Users' regular expressions run on the leader, so they are held to the linear dialect. */
function regexFault(pattern: string): string | undefined {
  try {
    linearPattern(pattern);
    return undefined;
  } catch (thrown) {
    return errorText(thrown);
  }
}

/** A UUID made of what the policy belongs to: registering a job again keeps its policies' ids. */
function policyId(target: StringMap, type: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([target, type]))
    .digest("hex");
  return hash.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-8$3-a$4-$5");
}

export { multiErrorText, warningsText } from "./core/model/faults.ts";

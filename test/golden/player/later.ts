import type { CaseResult } from "./play-api.ts";

interface Later {
  readonly reason: string;
  /** Beginnings of the names of the cases that wait. */
  readonly cases: readonly string[];
  /** How every fault begins that the reason explains; without it: the route is not built. */
  readonly faults?: RegExp;
}

/** What later stages build. A case that fails in another way than its reason explains is simply wrong. */
const later: readonly Later[] = [
  { reason: "variables", cases: ["var-", "vars-"], faults: /^status 501|^nothing here is/ },
  { reason: "dispatched and forced children", cases: ["job-dispatch", "job-periodic-force"] },
  {
    reason: "dispatched and forced children",
    cases: ["job-read-child", "jobs-list", "job-summary-kiln", "evaluations-count"],
    faults: /./,
  },
  {
    reason: "dispatched and forced children",
    cases: ["jobs-statuses"],
    faults: /ChildStatuses/,
  },
  { reason: "version tags", cases: ["job-tag"] },
  {
    reason: "version tags",
    cases: ["job-versions"],
    faults: /VersionTag|tag "opening" not found/,
  },
  { reason: "event stream", cases: ["event-stream"] },
  { reason: "fuzzy search", cases: ["search-fuzzy"] },
  { reason: "snapshots", cases: ["operator-snapshot"] },
  { reason: "autopilot and raft peers", cases: ["operator-autopilot", "operator-raft"] },
  {
    reason: "departs on purpose: a person may hold the starts of a task",
    cases: ["client-allocation-pause-get"],
    faults: /./,
  },
  { reason: "settings of scheduler workers", cases: ["agent-schedulers"] },
  { reason: "dynamic node metadata", cases: ["client-metadata"] },
  { reason: "workload identity keys", cases: ["well-known-jwks"] },
  {
    reason: "workload identity keys",
    cases: ["node-read", "allocation-read"],
    faults: /SigningKeyID/,
  },
];

/** Why a case cannot pass yet; undefined when nothing later is missing. */
export const waitsFor = ({ name, faults }: CaseResult): string | undefined =>
  later.find(
    (one) =>
      one.cases.some((start) => name.startsWith(start)) &&
      faults.every((fault) => (one.faults ?? /^status 501/).test(fault)),
  )?.reason;

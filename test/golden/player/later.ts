/** What a later stage builds, by the beginnings of the names of the cases that wait for it. */
const later: readonly (readonly [reason: string, ...prefixes: string[]])[] = [
  ["services and checks", "job-services", "allocation-services", "services-", "service-"],
  ["services and checks", "allocation-checks", "client-allocation-checks"],
  ["variables", "var-", "vars-"],
  ["dispatched and forced children", "job-dispatch", "job-periodic-force", "job-read-child"],
  ["dispatched and forced children", "jobs-list", "jobs-statuses", "job-summary-kiln"],
  ["dispatched and forced children", "evaluations-count"],
  ["version tags", "job-versions", "job-tag"],
  ["event stream", "event-stream"],
  ["fuzzy search", "search-fuzzy"],
  ["snapshots", "operator-snapshot"],
  ["autopilot and raft peers", "operator-autopilot", "operator-raft"],
  ["settings of scheduler workers", "agent-schedulers"],
  ["dynamic node metadata", "client-metadata"],
  ["CSI volumes", "volume-csi"],
  ["workload identity keys", "well-known-jwks", "node-read", "allocation-read"],
];

/** Why a case cannot pass yet; undefined when nothing later is missing and it is simply wrong. */
export const waitsFor = (name: string): string | undefined =>
  later.find(([, ...prefixes]) => prefixes.some((prefix) => name.startsWith(prefix)))?.[0];

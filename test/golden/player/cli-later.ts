/** Cases that may fail, by the start of their names, with the reason: mostly the server side is a later stage's. */
const laterStages: { readonly [prefix: string]: string } = {
  "acl-": "access control",
  "alloc-checks": "service checks",
  "alloc-status-running": "service checks",
  "job-dispatch": "dispatch",
  "job-history": "version tags",
  "job-periodic": "forced launches",
  "job-start": "departs on purpose: a new version tries a failed allocation again",
  "job-status-child": "dispatch",
  "job-status-periodic": "launch times",
  "job-status": "forced launches and dispatch: the children are missing",
  "job-tag": "version tags",
  "node-drain-monitor": "departs on purpose: the allocation of job-start drains as well",
  "node-meta": "dynamic node metadata",
  "node-status": "forced launches and dispatch: the children are missing",
  "operator-autopilot": "autopilot",
  "operator-gossip": "keyring",
  "operator-keyring": "keyring",
  "plan-periodic": "launch times",
  "run-periodic": "launch times",
  "server-join": "several servers",
  "service-": "services",
  status: "forced launches and dispatch: the children are missing",
  var: "variables",
  "volume-": "volumes",
};

export const waitsForStage = ({ name }: { readonly name: string }): string | undefined =>
  Object.entries(laterStages).find(([prefix]) => name.startsWith(prefix))?.[1];

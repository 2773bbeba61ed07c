/** Cases whose server side is the work of a later stage, by the start of their names, with the reason. */
const laterStages: { readonly [prefix: string]: string } = {
  "acl-": "access control",
  "alloc-checks": "service checks",
  "alloc-exec": "exec",
  "alloc-status-running": "service checks",
  "job-actions": "exec",
  "job-dispatch": "dispatch",
  "job-history": "version tags",
  "job-periodic": "forced launches",
  "job-status-child": "dispatch",
  "job-status-periodic": "launch times",
  "job-status": "forced launches and dispatch: the children are missing",
  "job-tag": "version tags",
  "license-": "paid features",
  "node-meta": "dynamic node metadata",
  "node-status": "forced launches and dispatch: the children are missing",
  "old-exec": "exec",
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

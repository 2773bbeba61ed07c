/** Cases whose server side is the work of a later stage, by the start of their names, with the reason. */
const laterStages: { readonly [prefix: string]: string } = {
  var: "variables",
  "job-dispatch": "dispatch",
  "job-periodic": "forced launches",
  "job-tag": "version tags",
  "alloc-exec": "exec",
  "old-exec": "exec",
  "operator-autopilot": "autopilot",
  "operator-keyring": "keyring",
  "operator-gossip": "keyring",
  "volume-": "volumes",
  "scaling-policy": "scaling",
  "service-": "services",
  "alloc-checks": "service checks",
};

export const waitsForStage = ({ name }: { readonly name: string }): string | undefined =>
  Object.entries(laterStages).find(([prefix]) => name.startsWith(prefix))?.[1];

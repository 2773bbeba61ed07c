import type { CommandEntry } from "./command-entry.ts";
import { jobCommands } from "./job-commands.ts";

export const commands: readonly CommandEntry[] = [
  {
    name: "agent",
    summary: "Runs an agent",
    listed: "agent",
    load: async () => (await import("./commands/agent.ts")).agent,
  },
  {
    name: "agent-info",
    summary: "Shows what the agent says about itself",
    listed: "agent-info",
    load: async () => (await import("./commands/agent-info.ts")).agentInfo,
  },
  {
    name: "alloc checks",
    summary: "Shows the checks of an allocation's services",
    load: async () => (await import("./commands/alloc-checks.ts")).allocChecks,
  },
  {
    name: "alloc fs",
    summary: "Looks at the files of an allocation",
    aliases: ["fs"],
    load: async () => (await import("./commands/alloc-fs.ts")).allocFs,
  },
  {
    name: "alloc exec",
    summary: "Runs a command inside a task",
    aliases: ["exec"],
    load: async () => (await import("./commands/alloc-exec.ts")).allocExec,
  },
  {
    name: "alloc logs",
    summary: "Prints what a task wrote",
    aliases: ["logs"],
    load: async () => (await import("./commands/alloc-logs.ts")).allocLogs,
  },
  {
    name: "alloc pause",
    summary: "Holds the restarts of a task, or lets them go on",
    load: async () => (await import("./commands/alloc-pause.ts")).allocPause,
  },
  {
    name: "alloc restart",
    summary: "Restarts a task, or all tasks, of an allocation",
    load: async () => (await import("./commands/alloc-restart.ts")).allocRestart,
  },
  {
    name: "alloc signal",
    summary: "Sends a signal to the tasks of an allocation",
    load: async () => (await import("./commands/alloc-signal.ts")).allocSignal,
  },
  {
    name: "alloc status",
    summary: "Shows an allocation",
    aliases: ["alloc-status"],
    load: async () => (await import("./commands/alloc-status.ts")).allocStatus,
  },
  {
    name: "alloc stop",
    summary: "Stops an allocation; its job gets another one",
    load: async () => (await import("./commands/alloc-stop.ts")).allocStop,
  },
  {
    name: "deployment fail",
    summary: "Ends a deployment as failed",
    load: async () => (await import("./commands/deployment-fail.ts")).deploymentFail,
  },
  {
    name: "deployment list",
    summary: "Lists deployments",
    load: async () => (await import("./commands/deployment-list.ts")).deploymentList,
  },
  {
    name: "deployment pause",
    summary: "Halts a deployment",
    load: async () => (await import("./commands/deployment-pause.ts")).deploymentPause,
  },
  {
    name: "deployment promote",
    summary: "Promotes the canaries of a deployment",
    load: async () => (await import("./commands/deployment-promote.ts")).deploymentPromote,
  },
  {
    name: "deployment resume",
    summary: "Goes on with a halted deployment",
    load: async () => (await import("./commands/deployment-resume.ts")).deploymentResume,
  },
  {
    name: "deployment status",
    summary: "Shows a deployment",
    load: async () => (await import("./commands/deployment-status.ts")).deploymentStatus,
  },
  {
    name: "deployment unblock",
    summary: "Lets a deployment end that waits for other regions",
    load: async () => (await import("./commands/deployment-unblock.ts")).deploymentUnblock,
  },
  {
    name: "eval delete",
    summary: "Deletes evaluations",
    load: async () => (await import("./commands/eval-delete.ts")).evalDelete,
  },
  {
    name: "eval list",
    summary: "Lists evaluations",
    load: async () => (await import("./commands/eval-list.ts")).evalList,
  },
  {
    name: "eval status",
    summary: "Shows an evaluation",
    aliases: ["eval-status"],
    load: async () => (await import("./commands/eval-status.ts")).evalStatus,
  },
  {
    name: "fmt",
    summary: "Writes job files anew in their one form",
    load: async () => (await import("./commands/fmt.ts")).fmt,
  },
  ...jobCommands,
  {
    name: "license get",
    summary: "Shows the license; this program needs none",
    load: async () => (await import("./commands/license-get.ts")).licenseGet,
  },
  {
    name: "monitor",
    summary: "Streams the log of an agent",
    listed: "monitor",
    load: async () => (await import("./commands/monitor.ts")).monitor,
  },
  {
    name: "namespace apply",
    summary: "Makes a namespace or changes it",
    load: async () => (await import("./commands/namespace-changes.ts")).namespaceApply,
  },
  {
    name: "namespace delete",
    summary: "Deletes a namespace",
    load: async () => (await import("./commands/namespace-changes.ts")).namespaceDelete,
  },
  {
    name: "namespace inspect",
    summary: "Prints a namespace as JSON",
    load: async () => (await import("./commands/namespace-changes.ts")).namespaceInspect,
  },
  {
    name: "namespace list",
    summary: "Lists namespaces",
    load: async () => (await import("./commands/namespace-list.ts")).namespaceList,
  },
  {
    name: "namespace status",
    summary: "Shows a namespace",
    load: async () => (await import("./commands/namespace-status.ts")).namespaceStatus,
  },
  {
    name: "node drain",
    summary: "Empties a node, or lets it fill again",
    aliases: ["node-drain"],
    load: async () => (await import("./commands/node-drain.ts")).nodeDrain,
  },
  {
    name: "node eligibility",
    summary: "Opens a node for new work, or closes it",
    load: async () => (await import("./commands/node-eligibility.ts")).nodeEligibility,
  },
  {
    name: "node pool apply",
    summary: "Makes a node pool or changes it",
    load: async () => (await import("./commands/node-pool-changes.ts")).nodePoolApply,
  },
  {
    name: "node pool delete",
    summary: "Deletes a node pool",
    load: async () => (await import("./commands/node-pool-changes.ts")).nodePoolDelete,
  },
  {
    name: "node pool info",
    summary: "Shows a node pool",
    load: async () => (await import("./commands/node-pools.ts")).nodePoolInfo,
  },
  {
    name: "node pool init",
    summary: "Writes an example file of a node pool",
    load: async () => (await import("./commands/node-pool-changes.ts")).nodePoolInit,
  },
  {
    name: "node pool jobs",
    summary: "Lists the jobs of a node pool",
    load: async () => (await import("./commands/node-pools.ts")).nodePoolJobs,
  },
  {
    name: "node pool list",
    summary: "Lists the node pools",
    load: async () => (await import("./commands/node-pools.ts")).nodePoolList,
  },
  {
    name: "node pool nodes",
    summary: "Lists the nodes of a node pool",
    load: async () => (await import("./commands/node-pools.ts")).nodePoolNodes,
  },
  {
    name: "node status",
    summary: "Lists nodes, or shows one",
    aliases: ["node-status"],
    load: async () => (await import("./commands/node-status.ts")).nodeStatus,
  },
  {
    name: "operator api",
    summary: "Sends any request to the HTTP API",
    load: async () => (await import("./commands/operator-api.ts")).operatorApi,
  },
  {
    name: "operator raft list-peers",
    summary: "Lists the servers of the log",
    load: async () => (await import("./commands/operator-raft-list-peers.ts")).listPeers,
  },
  {
    name: "scaling policy info",
    summary: "Shows a scaling policy",
    load: async () => (await import("./commands/scaling-policies.ts")).scalingPolicyInfo,
  },
  {
    name: "scaling policy list",
    summary: "Lists the scaling policies",
    load: async () => (await import("./commands/scaling-policies.ts")).scalingPolicyList,
  },
  {
    name: "server force-leave",
    summary: "Declares a server gone",
    deprecatedAliases: ["server-force-leave"],
    load: async () => (await import("./commands/server-force-leave.ts")).serverForceLeave,
  },
  {
    name: "server join",
    summary: "Joins servers of another address",
    deprecatedAliases: ["server-join"],
    load: async () => (await import("./commands/server-join.ts")).serverJoin,
  },
  {
    name: "server members",
    summary: "Lists the servers",
    deprecatedAliases: ["server-members"],
    load: async () => (await import("./commands/server-members.ts")).serverMembers,
  },
  {
    name: "service delete",
    summary: "Takes an instance out of the catalogue",
    load: async () => (await import("./commands/services.ts")).serviceDelete,
  },
  {
    name: "service info",
    summary: "Shows the instances of a service",
    load: async () => (await import("./commands/services.ts")).serviceInfo,
  },
  {
    name: "service list",
    summary: "Lists the services of the catalogue",
    load: async () => (await import("./commands/services.ts")).serviceList,
  },
  {
    name: "status",
    summary: "Lists jobs, or shows whatever an id belongs to",
    listed: "status",
    load: async () => (await import("./commands/status.ts")).status,
  },
  {
    name: "system gc",
    summary: "Collects garbage now",
    load: async () => (await import("./commands/system-gc.ts")).systemGc,
  },
  {
    name: "system reconcile summaries",
    summary: "Counts the summaries of all jobs anew",
    load: async () => (await import("./commands/system-reconcile.ts")).systemReconcile,
  },
  {
    name: "ui",
    summary: "Opens the web UI",
    listed: "ui",
    load: async () => (await import("./commands/ui.ts")).openUi,
  },
  {
    name: "version",
    summary: "Prints the version",
    listed: "version",
    load: async () => (await import("./commands/version.ts")).version,
  },
];

/** Nouns that stand for the commands behind them. */
export const commandGroups: ReadonlyMap<string, { readonly summary: string }> = new Map([
  ["alloc", { summary: "Works with allocations" }],
  ["deployment", { summary: "Works with deployments" }],
  ["eval", { summary: "Works with evaluations" }],
  ["job", { summary: "Works with jobs" }],
  ["job periodic", { summary: "Works with periodic jobs" }],
  ["job tag", { summary: "Works with named versions of jobs" }],
  ["license", { summary: "Works with licenses" }],
  ["namespace", { summary: "Works with namespaces" }],
  ["node", { summary: "Works with nodes" }],
  ["node pool", { summary: "Works with node pools" }],
  ["operator", { summary: "Tools for people who run the cluster" }],
  ["operator raft", { summary: "Works with the replicated log" }],
  ["scaling", { summary: "Works with the scaling of jobs" }],
  ["scaling policy", { summary: "Works with scaling policies" }],
  ["service", { summary: "Works with the catalogue of services" }],
  ["server", { summary: "Works with servers" }],
  ["system", { summary: "Works with the whole system" }],
  ["system reconcile", { summary: "Puts derived data right" }],
]);

export const findCommand = (name: string): CommandEntry | undefined =>
  commands.find(
    (entry) =>
      entry.name === name ||
      entry.aliases?.includes(name) === true ||
      entry.deprecatedAliases?.includes(name) === true,
  );

/** Every spelling of every command. */
export const commandNames = (): ReadonlySet<string> =>
  new Set(
    commands.flatMap((entry) => [
      entry.name,
      ...(entry.aliases ?? []),
      ...(entry.deprecatedAliases ?? []),
    ]),
  );

import type { Command } from "./command.ts";

/** One line of the command table. The file behind it is loaded only when the command runs. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** The name it has in the list that `nomad` alone prints; absent when its group stands for it. */
  readonly listed?: string;
  /** Other spellings that work silently. */
  readonly aliases?: readonly string[];
  /** Old spellings that work with a warning. */
  readonly deprecatedAliases?: readonly string[];
  readonly load: () => Promise<Command>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: "agent",
    summary: "Runs an agent",
    listed: "agent",
    load: async () => (await import("./commands/agent.ts")).agent,
  },
  {
    name: "alloc logs",
    summary: "Prints what a task wrote",
    aliases: ["logs"],
    load: async () => (await import("./commands/alloc-logs.ts")).allocLogs,
  },
  {
    name: "alloc status",
    summary: "Shows an allocation",
    aliases: ["alloc-status"],
    load: async () => (await import("./commands/alloc-status.ts")).allocStatus,
  },
  {
    name: "job plan",
    summary: "Shows what a job file would change",
    aliases: ["plan"],
    load: async () => (await import("./commands/job-plan.ts")).jobPlan,
  },
  {
    name: "job run",
    summary: "Runs a job file, or a new version of it",
    listed: "run",
    aliases: ["run"],
    load: async () => (await import("./commands/job-run.ts")).jobRun,
  },
  {
    name: "job sources",
    summary: "Lists the files of the watched job folders and what became of them",
    load: async () => (await import("./commands/job-sources.ts")).jobSources,
  },
  {
    name: "job status",
    summary: "Lists jobs, or shows one",
    load: async () => (await import("./commands/job-status.ts")).jobStatus,
  },
  {
    name: "job stop",
    summary: "Stops jobs",
    listed: "stop",
    aliases: ["stop"],
    load: async () => (await import("./commands/job-stop.ts")).jobStop,
  },
  {
    name: "node status",
    summary: "Lists nodes, or shows one",
    aliases: ["node-status"],
    load: async () => (await import("./commands/node-status.ts")).nodeStatus,
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
  ["namespace", { summary: "Works with namespaces" }],
  ["node", { summary: "Works with nodes" }],
  ["operator", { summary: "Tools for people who run the cluster" }],
  ["operator raft", { summary: "Works with the replicated log" }],
  ["server", { summary: "Works with servers" }],
  ["system", { summary: "Works with the whole system" }],
]);

export const findCommand = (name: string): CommandEntry | undefined =>
  commands.find(
    (entry) =>
      entry.name === name ||
      entry.aliases?.includes(name) === true ||
      entry.deprecatedAliases?.includes(name) === true,
  );

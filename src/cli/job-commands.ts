import type { CommandEntry } from "./command-entry.ts";

/** The part of the command table that is about jobs. */
export const jobCommands: readonly CommandEntry[] = [
  {
    name: "job action",
    summary: "Runs a command that a job gives a name to",
    aliases: ["action"],
    load: async () => (await import("./commands/job-action.ts")).jobAction,
  },
  {
    name: "job allocs",
    summary: "Lists the allocations of a job",
    load: async () => (await import("./commands/job-allocs.ts")).jobAllocs,
  },
  {
    name: "job deployments",
    summary: "Lists the deployments of a job",
    load: async () => (await import("./commands/job-deployments.ts")).jobDeployments,
  },
  {
    name: "job dispatch",
    summary: "Runs a parameterized job once",
    load: async () => (await import("./commands/job-dispatch.ts")).jobDispatch,
  },
  {
    name: "job eval",
    summary: "Has the scheduler look at a job again",
    load: async () => (await import("./commands/job-eval.ts")).jobEval,
  },
  {
    name: "job history",
    summary: "Shows the versions of a job",
    load: async () => (await import("./commands/job-history.ts")).jobHistory,
  },
  {
    name: "job init",
    summary: "Writes an example job file",
    aliases: ["init"],
    load: async () => (await import("./commands/job-init.ts")).jobInit,
  },
  {
    name: "job inspect",
    summary: "Prints a job as JSON",
    aliases: ["inspect"],
    load: async () => (await import("./commands/job-inspect.ts")).jobInspect,
  },
  {
    name: "job logs",
    summary: "Prints what all tasks of a job wrote",
    load: async () => (await import("./commands/job-logs.ts")).jobLogs,
  },
  {
    name: "job periodic force",
    summary: "Launches a periodic job now",
    load: async () => (await import("./commands/job-periodic-force.ts")).jobPeriodicForce,
  },
  {
    name: "job plan",
    summary: "Shows what a job file would change",
    aliases: ["plan"],
    load: async () => (await import("./commands/job-plan.ts")).jobPlan,
  },
  {
    name: "job promote",
    summary: "Promotes the canaries of a job",
    load: async () => (await import("./commands/job-promote.ts")).jobPromote,
  },
  {
    name: "job restart",
    summary: "Restarts the allocations of a job, a few at a time",
    load: async () => (await import("./commands/job-restart.ts")).jobRestart,
  },
  {
    name: "job revert",
    summary: "Goes back to an earlier version of a job",
    load: async () => (await import("./commands/job-revert.ts")).jobRevert,
  },
  {
    name: "job run",
    summary: "Runs a job file, or a new version of it",
    listed: "run",
    aliases: ["run"],
    load: async () => (await import("./commands/job-run.ts")).jobRun,
  },
  {
    name: "job scale",
    summary: "Changes how many of a group are wanted",
    load: async () => (await import("./commands/job-scale.ts")).jobScale,
  },
  {
    name: "job scaling-events",
    summary: "Lists how the groups of a job were scaled",
    load: async () => (await import("./commands/job-scaling-events.ts")).jobScalingEvents,
  },
  {
    name: "job sources",
    summary: "Lists the files of the watched job folders and what became of them",
    load: async () => (await import("./commands/job-sources.ts")).jobSources,
  },
  {
    name: "job start",
    summary: "Starts a stopped job again",
    listed: "start",
    aliases: ["start"],
    load: async () => (await import("./commands/job-start.ts")).jobStart,
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
    name: "job tag apply",
    summary: "Names a version of a job",
    load: async () => (await import("./commands/job-tag.ts")).jobTagApply,
  },
  {
    name: "job tag unset",
    summary: "Takes the name away from a version",
    load: async () => (await import("./commands/job-tag.ts")).jobTagUnset,
  },
  {
    name: "job validate",
    summary: "Checks a job file",
    aliases: ["validate"],
    load: async () => (await import("./commands/job-validate.ts")).jobValidate,
  },
];

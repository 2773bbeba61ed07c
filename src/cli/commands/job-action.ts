import { allocIdTooShort, anyAllocationOf, chooseTask, lookupAllocation } from "../alloc-lookup.ts";
import { defineCommand, UsageFailure } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { jobPath } from "../resolve-job.ts";
import { runSession, sessionFlags, sessionOf } from "./alloc-exec.ts";

export const jobAction = defineCommand({
  usage: "[options] <action>",
  description:
    "Runs a command that the job's file gives a name to, inside a task, and ends with its exit code. Without -alloc any running instance of the group is taken.",
  flags: {
    ...sessionFlags,
    job: flag.text("The job of the action."),
    group: flag.text("The group of the task; needed without -alloc."),
    task: flag.text("The task in which to run; needed without -alloc."),
    alloc: flag.text("The allocation in which to run."),
  },
  run: async (context, { flags, given, words }) => {
    const [action, tooMany] = words;
    if (action === undefined || tooMany !== undefined)
      throw new UsageFailure("This command takes one argument: <action>");
    if (flags.job === "") throw new UsageFailure("A job ID is required");
    if (flags.alloc === "" && flags.group === "")
      throw new UsageFailure("A task group name is required when no allocation ID is given");
    if (flags.alloc === "" && flags.task === "")
      throw new UsageFailure("A task name is required when no allocation ID is given");
    const session = sessionOf(context, flags, given.has("t") ? flags.t : undefined);
    const allocation =
      flags.alloc === ""
        ? await anyAllocationOf(context, flags.job, flags.group)
        : await lookupAllocation(context, flags.alloc, {
            verbose: false,
            tooShort: allocIdTooShort,
          });
    const task = chooseTask(allocation, flags.task);
    return runSession(context, session, {
      path: `${jobPath(allocation.JobID)}/action`,
      query: {
        namespace: allocation.Namespace,
        action,
        allocID: allocation.ID,
        group: allocation.TaskGroup,
        task,
        tty: session.tty,
      },
    });
  },
});

import { allocationId } from "../../model/ids.ts";
import type { Job, TaskAction } from "../../model/job.ts";
import { badRequest, failed, notFound } from "../errors.ts";
import { found, missing } from "../http/answer.ts";
import type { ReadHandler, SessionHandler } from "../http/handler.ts";
import { localAllocation } from "./client.ts";
import { talkTo } from "./exec.ts";
import { jobKeyOf, watchJob } from "./keys.ts";

/** The commands that a job's author has given names. */
export const jobActions: ReadHandler = (context, request, options) => {
  const { store } = context;
  const key = jobKeyOf(request, options.namespace);
  const job = store.read.job(key);
  if (!job) return missing(store.read.tableIndex("jobs"), watchJob(key), "job not found");
  return found(job.ModifyIndex, watchJob(key), () => actionsOf(job));
};

interface JobAction extends TaskAction {
  readonly TaskName: string;
  readonly TaskGroupName: string;
}

const actionsOf = (job: Job): readonly JobAction[] =>
  job.TaskGroups.flatMap((group) =>
    group.Tasks.flatMap((task) =>
      (task.Actions ?? []).map((action) => ({
        ...action,
        TaskName: task.Name,
        TaskGroupName: group.Name,
      })),
    ),
  );

/** Runs one of them inside a task of one allocation; the conversation is that of any command. */
export const runJobAction: SessionHandler = (context, request) => {
  const { query, params } = request;
  const name = query.get("action") ?? "";
  const task = query.get("task") ?? "";
  const id = query.get("allocID") ?? "";
  if (name === "") throw badRequest("action is required");
  if (task === "") throw badRequest("task is required");
  if (id === "") throw badRequest("allocID is required");
  const key = jobKeyOf(request, query.get("namespace") || "default");
  return talkTo(request, () => {
    if (!context.store.read.job(key)) throw notFound("job not found");
    const ofAllocation = { ...request, params: { ...params, id } };
    const { node, allocation } = localAllocation(context, ofAllocation);
    if (allocation.JobID !== key.id || allocation.Namespace !== key.namespace)
      throw notFound(`Unknown allocation "${allocationId(id)}"`);
    // The task runs as its own version of the job says, and so do its commands.
    const tasks = context.store.read
      .jobOfAllocation(allocation)
      ?.TaskGroups.find((group) => group.Name === allocation.TaskGroup)?.Tasks;
    const asked = tasks?.find((one) => one.Name === task);
    if (!asked) throw badRequest(`unknown task name ${JSON.stringify(task)}`);
    const action = asked.Actions?.find((one) => one.Name === name);
    if (!action) throw failed(`action ${name} not found in task ${task}`);
    const command = [action.Command, ...(action.Args ?? [])];
    return { node, allocation, task, command, isOfJob: true };
  });
};

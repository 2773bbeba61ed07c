import { isClientTerminal, isServerTerminal } from "../../model/allocation.ts";
import type { Allocation } from "../../model/allocation.ts";
import { AppError } from "../../lib/errors.ts";
import { allocationId, nodeId } from "../../model/ids.ts";
import type { ApiContext, NodePort } from "../context.ts";
import { encodeHostStats, encodeUsage, nothingUsed } from "../encode/stats.ts";
import { badRequest, failed, notFound, texts } from "../errors.ts";
import { empty, json } from "../http/answer.ts";
import type { ActionHandler } from "../http/handler.ts";
import { checkUuid } from "../http/lookup.ts";
import { bodyOf, optionalBodyOf } from "../http/request.ts";
import type { ApiRequest } from "../http/request.ts";
import { param } from "./keys.ts";

export const hostStats: ActionHandler = async (context, request) =>
  json(encodeHostStats(await localNode(context, request).hostStats()));

/** The files of an ended allocation go; one that still runs is refused. */
export const collectAllocation: ActionHandler = async (context, request) => {
  const { node, allocation } = localAllocation(context, request);
  await node.collect(allocation.ID);
  return empty();
};

/** The same for everything that has ended on a node. What is still ending, or gone already, is left alone. */
export const collectEnded: ActionHandler = async (context, request) => {
  const node = localNode(context, request);
  for (const allocation of context.store.read.allocationsByNode(nodeId(node.nodeId)))
    if (isClientTerminal(allocation))
      await node.collect(allocation.ID).catch((thrown: unknown) => {
        if (!(thrown instanceof AppError) || !passedOver.has(thrown.code)) throw thrown;
      });
  return empty();
};

const passedOver: ReadonlySet<string> = new Set(["conflict", "not-found"]);

/** The client part that `node_id` asks for, or this agent's. One of another agent needs a way there. */
function localNode(context: ApiContext, request: ApiRequest): NodePort {
  const wanted = request.query.get("node_id") ?? "";
  if (!context.node && wanted === "") throw badRequest(texts.noLocalNode);
  if (context.node && (wanted === "" || wanted === context.node.nodeId)) return context.node;
  checkUuid(wanted, "node");
  const known = context.store.read.nodes({ prefix: wanted }).length > 0;
  throw notFound(known ? texts.noPathToNode : `Unknown node "${wanted}"`);
}

export const allocationStats: ActionHandler = async (context, request) => {
  const { node, allocation } = localAllocation(context, request);
  const measured = await node.stats(allocation.ID);
  // A task that has ended uses nothing, which is told as well.
  const started = Object.entries(allocation.TaskStates ?? {})
    .filter(([, state]) => state.StartedAt !== null)
    .map(([task]) => [task, nothingUsed] as const);
  const usage = { ...Object.fromEntries(started), ...measured };
  return json(encodeUsage(usage, context.clock.nowNs()));
};

export const restartAllocation: ActionHandler = async (context, request) => {
  const body = await optionalBodyOf(request);
  const task = body?.text("TaskName") ?? "";
  const all = body?.bool("AllTasks") ?? false;
  if (all && task !== "") throw failed("task name cannot be set when restarting all tasks");
  const { node, allocation } = localAllocation(context, request);
  if (isServerTerminal(allocation) || isDone(allocation))
    throw failed("restart of an alloc that should not run");
  if (task !== "" && !hasTask(context, allocation, task)) throw failed("Task not found");
  await node.restart(allocation.ID, task === "" ? null : task, all);
  return json({ Index: 0 });
};

export const signalAllocation: ActionHandler = async (context, request) => {
  const body = await bodyOf(request);
  const task = body.text("Task") ?? "";
  const signal = body.text("Signal") ?? "";
  const { node, allocation } = localAllocation(context, request);
  if (task !== "" && !hasTask(context, allocation, task)) throw failed("Task not found");
  await node.signal(allocation.ID, task === "" ? null : task, signal);
  return json({ Index: 0 });
};

/** Holds the starts of one task, or lets them go on. */
export const pauseTask: ActionHandler = async (context, request) => {
  const body = await bodyOf(request);
  const task = body.text("Task") ?? "";
  const state = body.text("ScheduleState") ?? "";
  // Schedules of tasks are the part that needs Enterprise; without one there is none to go back to.
  if (state === "scheduled") throw failed("Enterprise only");
  if (state !== "pause" && state !== "run")
    throw badRequest(`invalid schedule state ${JSON.stringify(state)}: must be pause or run`);
  const { node, allocation } = pausable(context, request, task);
  if (isServerTerminal(allocation) || isDone(allocation))
    throw failed("pause of an alloc that should not run");
  await node.pause(allocation.ID, task, state === "pause");
  return json({ Index: 0 });
};

export const readPause: ActionHandler = (context, request) => {
  const task = request.query.get("task") ?? "";
  const { node, allocation } = pausable(context, request, task);
  const isPaused = allocation.TaskStates?.[task]?.Paused !== undefined;
  const isPausedNow = isDone(allocation) ? isPaused : node.isPaused(allocation.ID, task);
  return json({ ScheduleState: isPausedNow ? "pause" : "run" });
};

function pausable(
  context: ApiContext,
  request: ApiRequest,
  task: string,
): ReturnType<typeof localAllocation> {
  if (task === "") throw badRequest("task name must be set");
  const found = localAllocation(context, request);
  if (!hasTask(context, found.allocation, task)) throw failed("Task not found");
  return found;
}

const isDone = (allocation: Allocation): boolean =>
  allocation.ClientStatus === "complete" || allocation.ClientStatus === "failed";

export function hasTask({ store }: ApiContext, allocation: Allocation, task: string): boolean {
  const group = store.read
    .jobOfAllocation(allocation)
    ?.TaskGroups.find((one) => one.Name === allocation.TaskGroup);
  return group?.Tasks.some((one) => one.Name === task) ?? false;
}

/** The allocation and the client part that runs it. One that another agent runs needs a way there. */
export function localAllocation(
  context: ApiContext,
  request: ApiRequest,
): { readonly node: NodePort; readonly allocation: Allocation } {
  const id = param(request, "id");
  checkUuid(id, "alloc");
  const allocation = context.store.read.allocation(allocationId(id));
  if (!allocation) throw notFound(`Unknown allocation "${id}"`);
  if (!context.node || context.node.nodeId !== allocation.NodeID)
    throw notFound(texts.noPathToNode);
  return { node: context.node, allocation };
}

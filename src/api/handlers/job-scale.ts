import { isDeploymentActive } from "../../model/deployment.ts";
import type { JobKey } from "../../model/ids.ts";
import type { Job, JsonMap, TaskGroup } from "../../model/job.ts";
import type { ApiContext } from "../context.ts";
import { badRequest, failed, notFound } from "../errors.ts";
import { json } from "../http/answer.ts";
import type { ActionHandler } from "../http/handler.ts";
import type { Fields } from "../http/json-body.ts";
import { bodyOf, namespaceOf } from "../http/request.ts";
import {
  checkIndexText,
  evaluationFor,
  refuseWhileDisabled,
  registered,
  startsNothing,
} from "./job-register.ts";
import { jobKeyOf, param } from "./keys.ts";

/** Changes how many of a group are wanted, or, without a count, only notes what was said about it. */
export const scaleJob: ActionHandler = async (context, request) => {
  const body = await bodyOf(request);
  const target = body.object("Target");
  const named = target?.text("Job") ?? "";
  if (named !== "" && named !== param(request, "id")) throw badRequest("Job ID does not match");
  const wanted = wantedOf(body);
  refuseWhileDisabled(context);
  const key = jobKeyOf(request, namespaceOf(request.query));
  const job = context.store.read.job(key);
  if (!job) throw notFound(`job "${key.id}" not found`);
  const group = groupOf(job, target?.text("Group") ?? "");
  if (wanted.count !== null) refuseCount(context, { key, job, group, count: wanted.count });
  const evaluation =
    wanted.count === null || startsNothing(job) ? null : evaluationFor(context, job, "job-scaling");
  const { index, outcome } = await context.store.write("job.scale", {
    key,
    group: group.Name,
    event: {
      Time: context.clock.nowNs(),
      Count: wanted.count,
      PreviousCount: group.Count,
      Message: body.text("Message") ?? "",
      Error: wanted.isError,
      Meta: (body.object("Meta")?.raw as JsonMap | undefined) ?? null,
      EvalID: evaluation?.ID ?? null,
      CreateIndex: 0,
    },
    evaluation,
    enforceIndex: wanted.enforceIndex,
  });
  if ("refused" in outcome)
    throw outcome.refused === "not-found"
      ? notFound(`job "${key.id}" not found`)
      : failed(checkIndexText(wanted.enforceIndex ?? 0, outcome.jobModifyIndex));
  const { jobModifyIndex } = outcome;
  const answer = registered({ evaluation, index, jobModifyIndex, warnings: "" });
  return json({ ...answer, KnownLeader: true }, index);
};

interface Wanted {
  /** null: the count stays. */
  readonly count: number | null;
  readonly isError: boolean;
  readonly enforceIndex: number | null;
}

function wantedOf(body: Fields): Wanted {
  if ((body.object("Target")?.text("Group") ?? "") === "")
    throw badRequest("missing task group name for scaling action");
  const count = body.number("Count") ?? null;
  const isError = body.bool("Error") ?? false;
  if (isError && count !== null)
    throw badRequest("scaling action should not contain count if error is true");
  if (count !== null && count < 0) throw badRequest("scaling action count can't be negative");
  const isEnforced = body.bool("EnforceIndex") ?? body.number("JobModifyIndex") !== undefined;
  return {
    count,
    isError,
    enforceIndex: isEnforced ? (body.number("JobModifyIndex") ?? 0) : null,
  };
}

function groupOf(job: Job, name: string): TaskGroup {
  const group = job.TaskGroups.find(({ Name }) => Name === name);
  if (!group) throw badRequest(`task group "${name}" specified for scaling does not exist in job`);
  return group;
}

/** The bounds of the policy, and no change of the count while canaries wait to be promoted. */
function refuseCount(
  { store }: ApiContext,
  wanted: {
    readonly key: JobKey;
    readonly job: Job;
    readonly group: TaskGroup;
    readonly count: number;
  },
): void {
  const { group, count } = wanted;
  const bounds = group.Scaling;
  if (bounds !== null && count < bounds.Min)
    throw badRequest(`group count was less than scaling policy minimum: ${count} < ${bounds.Min}`);
  if (bounds !== null && count > bounds.Max)
    throw badRequest(
      `group count was greater than scaling policy maximum: ${count} > ${bounds.Max}`,
    );
  const deployment = store.read.latestDeployment(wanted.key);
  if (
    deployment !== undefined &&
    isDeploymentActive(deployment) &&
    Object.values(deployment.TaskGroups).some((state) => state.DesiredCanaries > 0)
  )
    throw badRequest("job scaling blocked due to active deployment");
}

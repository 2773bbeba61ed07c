import { newEvaluation } from "../../model/build.ts";
import { isDeploymentActive } from "../../model/deployment.ts";
import type { Deployment } from "../../model/deployment.ts";
import { allocationId, deploymentId, evaluationId } from "../../model/ids.ts";
import type { Evaluation } from "../../model/evaluation.ts";
import type { ApiContext } from "../context.ts";
import { failed } from "../errors.ts";
import { found, json, missing } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import type { ActionHandler, ReadHandler } from "../http/handler.ts";
import { listBody } from "../http/list.ts";
import { checkUuid, checkUuidPrefix } from "../http/lookup.ts";
import { bodyOf } from "../http/request.ts";
import type { ApiRequest } from "../http/request.ts";
import { createdToken } from "./allocations.ts";
import { plainStub } from "./jobs.ts";
import { param } from "./keys.ts";

const noDeployment = "deployment not found";

export const listDeployments: ReadHandler = ({ store }, _request, options) => {
  checkUuidPrefix(options.prefix, "deployment");
  return {
    index: store.read.tableIndex("deployments"),
    watch: [{ table: "deployments" }],
    body: () =>
      listBody(
        {
          fetch: (query) => store.read.deployments(query),
          token: createdToken(options.prefix !== ""),
          encode: (deployment) => deployment,
        },
        options,
      ),
  };
};

export const readDeployment: ReadHandler = ({ store }, request) => {
  const id = param(request, "id");
  checkUuid(id, "deployment");
  const watch = [{ table: "deployments", key: id }] as const;
  const deployment = store.read.deployment(deploymentId(id));
  return deployment
    ? found(deployment.ModifyIndex, watch, () => deployment)
    : missing(store.read.tableIndex("deployments"), watch, noDeployment);
};

export const deploymentAllocations: ReadHandler = ({ store }, request) => {
  const id = param(request, "id");
  checkUuid(id, "deployment");
  return found(store.read.tableIndex("allocations"), [{ table: "allocations" }], () =>
    store.read
      .allocationsByDeployment(deploymentId(id))
      .map((allocation) => plainStub(allocation, store.read.jobOfAllocation(allocation))),
  );
};

export const failDeployment: ActionHandler = async (context, request) => {
  const deployment = activeDeployment(context, request, "fail");
  const evaluation = watcherEvaluation(context, deployment);
  const { index, outcome } = await context.store.write("deployment.status", {
    update: {
      deploymentId: deployment.ID,
      status: "failed",
      statusDescription: "Deployment marked as failed",
    },
    job: null,
    markStable: false,
    evaluations: [evaluation],
  });
  return refused(outcome, "fail") ?? done(index, evaluation);
};

export const pauseDeployment: ActionHandler = async (context, request) => {
  const body = await bodyOf(request);
  const pause = body.bool("Pause") ?? false;
  const deployment = activeDeployment(context, request, pause ? "pause" : "resume");
  const evaluation = watcherEvaluation(context, deployment);
  const { index, outcome } = await context.store.write("deployment.status", {
    update: pause
      ? {
          deploymentId: deployment.ID,
          status: "paused",
          statusDescription: "Deployment is paused",
        }
      : {
          deploymentId: deployment.ID,
          status: "running",
          statusDescription: runningDescription(deployment),
        },
    job: null,
    markStable: false,
    evaluations: pause ? [] : [evaluation],
  });
  return (
    refused(outcome, pause ? "pause" : "resume") ?? done(index, pause ? undefined : evaluation)
  );
};

export const promoteDeployment: ActionHandler = async (context, request) => {
  const body = await bodyOf(request);
  const groups = body.texts("Groups");
  const all = body.bool("All") ?? false;
  if (!all && (groups === undefined || groups.length === 0))
    throw failed("must specify either all groups or particular groups to promote");
  const deployment = activeDeployment(context, request, "promote");
  const evaluation = watcherEvaluation(context, deployment);
  const { index, outcome } = await context.store.write("deployment.promote", {
    deploymentId: deployment.ID,
    groups: all ? null : (groups ?? []),
    evaluations: [evaluation],
  });
  return refused(outcome, "promote") ?? done(index, evaluation);
};

/** Multiregion deployments only, which never come to be here. */
export const unblockDeployment: ActionHandler = (context, request) => {
  activeDeployment(context, request, "unblock");
  throw failed("can't unblock deployment: not a multiregion deployment");
};

export const setAllocationHealth: ActionHandler = async (context, request) => {
  const body = await bodyOf(request);
  const healthy = (body.texts("HealthyAllocationIDs") ?? []).map(allocationId);
  const unhealthy = (body.texts("UnhealthyAllocationIDs") ?? []).map(allocationId);
  if (healthy.length + unhealthy.length === 0)
    throw failed("must specify at least one healthy/unhealthy allocation ID");
  const deployment = activeDeployment(context, request, "set health of allocations for");
  const evaluation = watcherEvaluation(context, deployment);
  const { index, outcome } = await context.store.write("deployment.health", {
    deploymentId: deployment.ID,
    healthy,
    unhealthy,
    at: new Date(context.clock.nowMs()).toISOString(),
    update: null,
    evaluations: [evaluation],
  });
  return refused(outcome, "set health of allocations for") ?? done(index, evaluation);
};

/** The path's id counts; a body that names another one is refused. */
function activeDeployment(context: ApiContext, request: ApiRequest, verb: string): Deployment {
  const id = param(request, "id");
  checkUuid(id, "deployment");
  const deployment = context.store.read.deployment(deploymentId(id));
  if (!deployment) throw failed(noDeployment);
  if (!isDeploymentActive(deployment)) throw failed(`can't ${verb} terminal deployment`);
  return deployment;
}

function watcherEvaluation(context: ApiContext, deployment: Deployment): Evaluation {
  const key = { namespace: deployment.Namespace, id: deployment.JobID };
  const job = context.store.read.job(key);
  return newEvaluation({
    id: evaluationId(context.random.uuid()),
    job: {
      Namespace: deployment.Namespace,
      ID: deployment.JobID,
      Priority: deployment.EvalPriority,
      Type: job?.Type ?? "service",
      // A deployment moves on without a change of its job.
      JobModifyIndex: 0,
    },
    trigger: "deployment-watcher",
    nowNs: context.clock.nowNs(),
    overrides: { DeploymentID: deployment.ID },
  });
}

const needsPromotion = (deployment: Deployment): boolean =>
  Object.values(deployment.TaskGroups).some(
    (group) => group.DesiredCanaries > 0 && !group.Promoted,
  );
const promotesItself = (deployment: Deployment): boolean =>
  Object.values(deployment.TaskGroups)
    .filter((group) => group.DesiredCanaries > 0)
    .every((group) => group.AutoPromote);

function runningDescription(deployment: Deployment): string {
  if (!needsPromotion(deployment)) return "Deployment is running";
  return promotesItself(deployment)
    ? "Deployment is running pending automatic promotion"
    : "Deployment is running but requires manual promotion";
}

/** Throws the published text of a refusal that only the apply could find. */
function refused(
  outcome: { readonly ok: true } | { readonly refused: string; readonly detail: string },
  verb: string,
): undefined {
  if ("ok" in outcome) return undefined;
  switch (outcome.refused) {
    case "not-found":
      throw failed(noDeployment);
    case "terminal":
      throw failed(`can't ${verb} terminal deployment`);
    default:
      throw failed(outcome.detail);
  }
}

const done = (index: number, evaluation: Evaluation | undefined): Answer =>
  json(
    {
      EvalID: evaluation?.ID ?? "",
      EvalCreateIndex: evaluation ? index : 0,
      DeploymentModifyIndex: index,
      RevertedJobVersion: null,
      Index: index,
    },
    index,
  );

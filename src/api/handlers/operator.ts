import type { SchedulerConfiguration } from "../../model/scheduler-config.ts";
import { badRequest, HttpError } from "../errors.ts";
import { empty, found, json } from "../http/answer.ts";
import type { ActionHandler, ReadHandler } from "../http/handler.ts";
import { fieldsOf } from "../http/json-body.ts";
import { bodyOf } from "../http/request.ts";

export const readSchedulerConfig: ReadHandler = ({ store }) => {
  const config = store.read.schedulerConfig();
  const index = store.read.tableIndex("scheduler_config");
  return found(index, [{ table: "scheduler_config" }], () => ({
    SchedulerConfig: config,
    Index: index,
    LastContact: 0,
    KnownLeader: true,
    NextToken: "",
  }));
};

export const writeSchedulerConfig: ActionHandler = async ({ store }, request) => {
  const body = await bodyOf(request);
  const algorithm = body.text("SchedulerAlgorithm") || "binpack";
  if (algorithm !== "binpack" && algorithm !== "spread")
    throw badRequest(`invalid scheduler algorithm: ${algorithm}`);
  const preemption = body.object("PreemptionConfig") ?? fieldsOf({});
  const config: SchedulerConfiguration = {
    SchedulerAlgorithm: algorithm,
    PreemptionConfig: {
      SystemSchedulerEnabled: preemption.bool("SystemSchedulerEnabled") ?? false,
      SysBatchSchedulerEnabled: preemption.bool("SysBatchSchedulerEnabled") ?? false,
      BatchSchedulerEnabled: preemption.bool("BatchSchedulerEnabled") ?? false,
      ServiceSchedulerEnabled: preemption.bool("ServiceSchedulerEnabled") ?? false,
    },
    MemoryOversubscriptionEnabled: body.bool("MemoryOversubscriptionEnabled") ?? false,
    RejectJobRegistration: body.bool("RejectJobRegistration") ?? false,
    PauseEvalBroker: body.bool("PauseEvalBroker") ?? false,
    NodeLimitForFeasibilityChecks: body.number("NodeLimitForFeasibilityChecks") ?? 0,
    CreateIndex: 0,
    ModifyIndex: body.number("ModifyIndex") ?? 0,
  };
  const cas = request.query.get("cas");
  if (cas !== null && !/^\d+$/.test(cas))
    throw badRequest(
      `Error parsing cas value: strconv.ParseUint: parsing "${cas}": invalid syntax`,
    );
  const { index, outcome } = await store.write("scheduler-config.set", {
    config,
    checkIndex: cas === null ? null : Number(cas),
  });
  return json({ Updated: outcome.updated, Index: index }, index);
};

export const unknownUpgradeCheck: ActionHandler = (_context, request) => {
  throw new HttpError(404, `Path ${request.path} not found`);
};

export const collectGarbage: ActionHandler = async ({ collectGarbage: collect }) => {
  await collect(true);
  return empty();
};

/** Summaries are written in the same transaction as what they sum up; there is nothing to put right. */
export const reconcileSummaries: ActionHandler = ({ store }) => {
  if (store.leadership.leaderId() === undefined) throw new HttpError(500, "No cluster leader");
  return empty();
};

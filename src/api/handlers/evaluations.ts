import { evaluationId } from "../../model/ids.ts";
import type { Evaluation } from "../../model/evaluation.ts";
import type { StateReader } from "../../store/reader.ts";
import { encodeEvaluation } from "../encode/evaluation.ts";
import { badRequest } from "../errors.ts";
import { found, missing } from "../http/answer.ts";
import type { ReadHandler } from "../http/handler.ts";
import { listBody, selectRows } from "../http/list.ts";
import { checkUuid, checkUuidPrefix } from "../http/lookup.ts";
import { boolOf } from "../http/request.ts";
import { createdToken } from "./allocations.ts";
import { plainStub } from "./jobs.ts";
import { param } from "./keys.ts";

export const listEvaluations: ReadHandler = ({ store }, request, options) => {
  checkUuidPrefix(options.prefix, "eval");
  const status = request.query.get("status") ?? "";
  const job = request.query.get("job") ?? "";
  if (options.filter !== "" && (status !== "" || job !== ""))
    throw badRequest("query parameter filter cannot be used together with job or status");
  return {
    index: store.read.tableIndex("evaluations"),
    watch: [{ table: "evaluations" }],
    body: () =>
      listBody<Evaluation>(
        {
          fetch: (query) => store.read.evaluations(query),
          token: createdToken(options.prefix !== ""),
          encode: (evaluation) => encodeEvaluation(evaluation),
          ...(status === "" && job === ""
            ? {}
            : {
                keep: (evaluation) =>
                  (status === "" || evaluation.Status === status) &&
                  (job === "" || evaluation.JobID === job),
              }),
        },
        options,
      ),
  };
};

/** Only the filter counts here; status and job are not looked at, as the published API does it. */
export const countEvaluations: ReadHandler = ({ store }, _request, options) => {
  const index = store.read.tableIndex("evaluations");
  return found(index, [{ table: "evaluations" }], () => {
    const { rows } = selectRows(
      {
        fetch: (query) => store.read.evaluations(query),
        token: createdToken(options.prefix !== ""),
        encode: () => undefined,
      },
      { ...options, perPage: 0 },
    );
    return { Count: rows.length, Index: index, LastContact: 0, KnownLeader: true, NextToken: "" };
  });
};

export const readEvaluation: ReadHandler = ({ store }, request) => {
  const id = param(request, "id");
  checkUuid(id, "eval");
  const related = boolOf(request.query, "related") ?? false;
  const watch = [{ table: "evaluations", key: id }] as const;
  const evaluation = store.read.evaluation(evaluationId(id));
  return evaluation
    ? found(evaluation.ModifyIndex, watch, () =>
        encodeEvaluation(evaluation, related ? relatedTo(store.read, evaluation) : []),
      )
    : missing(store.read.tableIndex("evaluations"), watch, "eval not found");
};

export const evaluationAllocations: ReadHandler = ({ store }, request) => {
  const id = param(request, "id");
  checkUuid(id, "eval");
  return found(store.read.tableIndex("allocations"), [{ table: "allocations" }], () =>
    store.read
      .allocationsByEvaluation(evaluationId(id))
      .map((allocation) => plainStub(allocation, store.read.jobOfAllocation(allocation))),
  );
};

/** Everything that can be reached over next, previous and blocked, nearest first, without itself. */
function relatedTo(read: StateReader, start: Evaluation): readonly Evaluation[] {
  const seen = new Map<string, Evaluation>([[start.ID, start]]);
  const queue = [start];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const id of [at.NextEval, at.PreviousEval, at.BlockedEval]) {
      const next = id === null || seen.has(id) ? undefined : read.evaluation(id);
      if (!next) continue;
      seen.set(next.ID, next);
      queue.push(next);
    }
  }
  seen.delete(start.ID);
  return [...seen.values()];
}

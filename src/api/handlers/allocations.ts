import { allocationId } from "../../model/ids.ts";
import { newEvaluation } from "../../model/build.ts";
import { encodeAllocation, encodeAllocationStub } from "../encode/allocation.ts";
import { notFound } from "../errors.ts";
import { found, json, missing } from "../http/answer.ts";
import type { ActionHandler, ReadHandler } from "../http/handler.ts";
import { listBody } from "../http/list.ts";
import { checkUuid, checkUuidPrefix } from "../http/lookup.ts";
import { boolOf } from "../http/request.ts";
import { evaluationId } from "../../model/ids.ts";
import { param } from "./keys.ts";

const noAllocation = "alloc not found";

/** Rows of tables with UUIDs are in the order of their making, or by id when a prefix picks them. */
export const createdToken =
  (byId: boolean) =>
  (row: { readonly ID: string; readonly CreateIndex: number }): string =>
    byId ? row.ID : `${row.CreateIndex}.${row.ID}`;

export const listAllocations: ReadHandler = ({ store }, request, options) => {
  checkUuidPrefix(options.prefix, "alloc");
  return {
    index: store.read.tableIndex("allocations"),
    watch: [{ table: "allocations" }],
    body() {
      const resources = boolOf(request.query, "resources") ?? false;
      const taskStates = boolOf(request.query, "task_states") ?? true;
      return listBody(
        {
          fetch: (query) => store.read.allocations(query),
          token: createdToken(options.prefix !== ""),
          whole: (allocation) => ({ ...allocation, Job: store.read.jobOfAllocation(allocation) }),
          encode: (allocation) =>
            encodeAllocationStub(allocation, store.read.jobOfAllocation(allocation), {
              resources,
              taskStates,
            }),
        },
        options,
      );
    },
  };
};

export const readAllocation: ReadHandler = ({ store }, request) => {
  const id = param(request, "id");
  checkUuid(id, "alloc");
  const watch = [{ table: "allocations", key: id }] as const;
  const allocation = store.read.allocation(allocationId(id));
  return allocation
    ? found(allocation.ModifyIndex, watch, () =>
        encodeAllocation(allocation, store.read.jobOfAllocation(allocation)),
      )
    : missing(store.read.tableIndex("allocations"), watch, noAllocation);
};

/** The allocation is told to go; the evaluation replaces it. */
export const stopAllocation: ActionHandler = async (context, request) => {
  const { store, clock, random } = context;
  const id = param(request, "id");
  checkUuid(id, "alloc");
  const allocation = store.read.allocation(allocationId(id));
  if (!allocation) throw notFound(noAllocation);
  const noShutdownDelay = boolOf(request.query, "no_shutdown_delay") ?? false;
  const reschedule = boolOf(request.query, "reschedule") ?? false;
  const job =
    store.read.job({ namespace: allocation.Namespace, id: allocation.JobID }) ??
    store.read.jobOfAllocation(allocation);
  const evaluation = job
    ? newEvaluation({
        id: evaluationId(random.uuid()),
        job,
        trigger: "alloc-stop",
        nowNs: clock.nowNs(),
      })
    : undefined;
  const { index } = await store.write("allocation.transition", {
    transitions: [
      {
        allocationId: allocation.ID,
        transition: {
          Migrate: !reschedule,
          Reschedule: reschedule,
          NoShutdownDelay: noShutdownDelay,
        },
      },
    ],
    evaluations: evaluation ? [evaluation] : [],
  });
  return json({ EvalID: evaluation?.ID ?? "", Index: index }, index);
};

import { isTerminal } from "../../model/allocation.ts";
import { newEvaluation } from "../../model/build.ts";
import type { Evaluation } from "../../model/evaluation.ts";
import { evaluationId, nodeId } from "../../model/ids.ts";
import type { Job } from "../../model/job.ts";
import type { Node, NodeEvent } from "../../model/node.ts";
import type { ApiContext } from "../context.ts";
import { encodeAllocation } from "../encode/allocation.ts";
import { encodeNode, encodeNodeStub } from "../encode/node.ts";
import { failed } from "../errors.ts";
import { found, json, missing } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import type { ActionHandler, ReadHandler } from "../http/handler.ts";
import type { Fields } from "../http/json-body.ts";
import { listBody } from "../http/list.ts";
import { checkUuid, checkUuidPrefix } from "../http/lookup.ts";
import { bodyOf, boolOf } from "../http/request.ts";
import type { ApiRequest } from "../http/request.ts";
import { param } from "./keys.ts";

const noNode = "node not found";

export const listNodes: ReadHandler = ({ store }, request, options) => {
  checkUuidPrefix(options.prefix, "node");
  return {
    index: store.read.tableIndex("nodes"),
    watch: [{ table: "nodes" }],
    body() {
      const resources = boolOf(request.query, "resources") ?? false;
      const os = boolOf(request.query, "os") ?? false;
      return listBody(
        {
          fetch: (query) => store.read.nodes(query),
          token: (node) => node.ID,
          encode: (node) => encodeNodeStub(node, { resources, os }),
        },
        options,
      );
    },
  };
};

export const readNode: ReadHandler = ({ store }, request) => {
  const id = param(request, "id");
  checkUuid(id, "node");
  const watch = [{ table: "nodes", key: id }] as const;
  const node = store.read.node(nodeId(id));
  return node
    ? found(node.ModifyIndex, watch, () => encodeNode(node))
    : missing(store.read.tableIndex("nodes"), watch, noNode);
};

/** Whole allocations: the drain monitor looks into their jobs. */
export const nodeAllocations: ReadHandler = ({ store }, request) => {
  const id = param(request, "id");
  checkUuid(id, "node");
  const allocations = store.read.allocationsByNode(nodeId(id));
  const index = allocations.reduce((last, one) => Math.max(last, one.ModifyIndex), 1);
  return found(index, [{ table: "allocations" }], () =>
    allocations.map((allocation) =>
      encodeAllocation(allocation, store.read.jobOfAllocation(allocation)),
    ),
  );
};

export const drainNode: ActionHandler = async (context, request) => {
  const body = await bodyOf(request);
  const node = knownNode(context, request);
  const spec = body.object("DrainSpec");
  const nowMs = context.clock.nowMs();
  const evaluations = spec ? [] : evaluationsOf(context, node);
  const { index, outcome } = await context.store.write("node.drain", {
    nodeId: node.ID,
    strategy: spec ? drainStrategy(spec, nowMs) : null,
    markEligible: body.bool("MarkEligible") ?? false,
    // What the wire says of whoever asks while access control is off.
    accessor: "token:acls-disabled",
    at: new Date(nowMs).toISOString(),
    meta: body.textMap("Meta") ?? null,
    event: nodeEvent("Drain", spec ? "Node drain strategy set" : "Node drain cancelled", nowMs),
    evaluations,
  });
  if ("refused" in outcome) throw failed(noNode);
  return updated(index, evaluations);
};

function drainStrategy(spec: Fields, nowMs: number) {
  const deadline = spec.number("Deadline") ?? 0;
  return {
    Deadline: deadline,
    IgnoreSystemJobs: spec.bool("IgnoreSystemJobs") ?? false,
    ForceDeadline: deadline > 0 ? new Date(nowMs + deadline / 1e6).toISOString() : null,
    StartedAt: new Date(nowMs).toISOString(),
  };
}

export const setEligibility: ActionHandler = async (context, request) => {
  const body = await bodyOf(request);
  const eligibility = body.text("Eligibility") ?? "";
  if (eligibility !== "eligible" && eligibility !== "ineligible")
    throw failed(`invalid scheduling eligibility ${JSON.stringify(eligibility)}`);
  const node = knownNode(context, request);
  if (node.DrainStrategy !== null && eligibility === "eligible")
    throw failed("can not set node's scheduling eligibility to eligible while it is draining");
  if (node.SchedulingEligibility === eligibility)
    return json({ NodeModifyIndex: 0, EvalIDs: null, EvalCreateIndex: 0, Index: 0 }, 0);
  const evaluations = eligibility === "eligible" ? evaluationsOf(context, node) : [];
  const { index, outcome } = await context.store.write("node.eligibility", {
    nodeId: node.ID,
    eligibility,
    event: nodeEvent(
      "Cluster",
      `Node marked as ${eligibility} for scheduling`,
      context.clock.nowMs(),
    ),
    evaluations,
  });
  if ("refused" in outcome) throw failed(outcome.refused === "not-found" ? noNode : outcome.detail);
  // The published API never tells the node's index here.
  return updated(index, evaluations, 0);
};

export const evaluateNode: ActionHandler = async (context, request) => {
  const node = knownNode(context, request);
  const evaluations = evaluationsOf(context, node);
  const { index } = await context.store.write("evaluation.upsert", { evaluations });
  return nodeUpdate(context, { index, evaluations, node });
};

export const purgeNode: ActionHandler = async (context, request) => {
  const node = knownNode(context, request);
  const evaluations = evaluationsOf(context, node);
  const { index } = await context.store.write("node.deregister", {
    nodeIds: [node.ID],
    evaluations,
  });
  return nodeUpdate(context, { index, evaluations, node });
};

function knownNode(context: ApiContext, request: ApiRequest): Node {
  const id = param(request, "id");
  checkUuid(id, "node");
  const node = context.store.read.node(nodeId(id));
  if (!node) throw failed(noNode);
  return node;
}

/**
 * One evaluation for each job with something on the node, and for each system job. Sysbatch jobs have none: they run
 * once on the nodes that there are, and only their own registration makes them run again.
 */
function evaluationsOf(context: ApiContext, node: Node): readonly Evaluation[] {
  const { read } = context.store;
  const jobs = new Map<string, Job>();
  for (const allocation of read.allocationsByNode(node.ID)) {
    if (isTerminal(allocation)) continue;
    const job = read.job({ namespace: allocation.Namespace, id: allocation.JobID });
    if (job && job.Type !== "sysbatch") jobs.set(`${job.Namespace}/${job.ID}`, job);
  }
  for (const job of read.jobs({ namespace: "*" }))
    if (job.Type === "system" && !job.Stop) jobs.set(`${job.Namespace}/${job.ID}`, job);
  const byId = (a: Job, b: Job): number =>
    `${a.ID}\n${a.Namespace}` < `${b.ID}\n${b.Namespace}` ? -1 : 1;
  return [...jobs.values()].toSorted(byId).map((job) =>
    newEvaluation({
      id: evaluationId(context.random.uuid()),
      job: { ...job, JobModifyIndex: 0 },
      trigger: "node-update",
      nowNs: context.clock.nowNs(),
      overrides: { NodeID: node.ID, NodeModifyIndex: node.ModifyIndex },
    }),
  );
}

const nodeEvent = (subsystem: string, message: string, nowMs: number): NodeEvent => ({
  Message: message,
  Subsystem: subsystem,
  Details: null,
  Timestamp: new Date(nowMs).toISOString(),
  CreateIndex: 0,
});

const evaluationIds = (evaluations: readonly Evaluation[]): readonly string[] | null =>
  evaluations.length === 0 ? null : evaluations.map((evaluation) => evaluation.ID);

const updated = (
  index: number,
  evaluations: readonly Evaluation[],
  nodeModifyIndex = index,
): Answer =>
  json(
    {
      NodeModifyIndex: nodeModifyIndex,
      EvalIDs: evaluationIds(evaluations),
      EvalCreateIndex: evaluations.length === 0 ? 0 : index,
      Index: index,
    },
    index,
  );

const nodeUpdate = (
  context: ApiContext,
  done: {
    readonly index: number;
    readonly evaluations: readonly Evaluation[];
    readonly node: Node;
  },
): Answer =>
  json(
    {
      HeartbeatTTL: 0,
      EvalIDs: evaluationIds(done.evaluations),
      EvalCreateIndex: done.evaluations.length === 0 ? 0 : done.index,
      NodeModifyIndex: done.index,
      Features: null,
      LeaderRPCAddr: context.members.leaderAddress() ?? "",
      NumNodes: context.store.read.nodes({}).length,
      Servers: null,
      SchedulingEligibility: done.node.SchedulingEligibility,
      Index: done.index,
      LastContact: 0,
      KnownLeader: false,
      NextToken: "",
    },
    done.index,
  );

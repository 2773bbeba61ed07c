import { formatInstant } from "../../lib/instant.ts";
import type { NodeId } from "../../model/ids.ts";
import type { DrainMetadata, Node, NodeEvent } from "../../model/node.ts";
import type { CommandBodies } from "../commands.ts";
import { putEvaluations } from "./evaluations.ts";
import { removeServicesOfNode } from "./services.ts";
import { done, touch } from "./transaction.ts";
import type { Handler, Transaction } from "./transaction.ts";

const keptEvents = 10;

export const applyNodeRegister: Handler<"node.register"> = (tx, body) => {
  const existing = tx.tables.nodes.get(body.node.ID);
  const wasDown = existing?.Status === "down" || existing?.Status === "disconnected";
  const message =
    existing === undefined ? "Node registered" : wasDown ? "Node re-registered" : null;
  const event = message === null ? null : clusterEvent(message, tx.at);
  putNode(tx, existing, {
    ...body.node,
    // What operators decided about the node outlives its registrations.
    SchedulingEligibility: existing?.SchedulingEligibility ?? body.node.SchedulingEligibility,
    DrainStrategy: existing ? existing.DrainStrategy : body.node.DrainStrategy,
    LastDrain: existing?.LastDrain ?? null,
    LastMissedHeartbeatIndex: existing?.LastMissedHeartbeatIndex ?? 0,
    LastAllocUpdateIndex: existing?.LastAllocUpdateIndex ?? 0,
    // The event of the first registration has no index on the wire.
    Events: withEvents(
      withEvent(existing?.Events ?? null, event, existing ? tx.index : 0),
      body.node.Events,
      tx.index,
    ),
  });
  ensurePool(tx, body.node.NodePool);
  putEvaluations(tx, body.evaluations);
  return done;
};

export const applyNodeStatus: Handler<"node.status"> = (tx, body) => {
  // Nobody shall be sent to a machine that is gone.
  if (body.status === "down") removeServicesOfNode(tx, body.nodeId);
  return change(tx, body, (node) => ({
    ...node,
    Status: body.status,
    StatusDescription: body.description,
    StatusUpdatedAt: body.updatedAt,
    LastMissedHeartbeatIndex:
      body.status === "down" || body.status === "disconnected"
        ? tx.index
        : node.LastMissedHeartbeatIndex,
  }));
};

export const applyNodeEligibility: Handler<"node.eligibility"> = (tx, body) => {
  const node = tx.tables.nodes.get(body.nodeId);
  if (node?.DrainStrategy && body.eligibility === "eligible")
    return { refused: "draining", detail: "can not set node eligible while it is draining" };
  return change(tx, body, (node) => ({ ...node, SchedulingEligibility: body.eligibility }));
};

export const applyNodeDrain: Handler<"node.drain"> = (tx, body) =>
  change(tx, body, (node) => ({
    ...node,
    DrainStrategy: body.strategy,
    SchedulingEligibility: body.strategy
      ? "ineligible"
      : body.markEligible
        ? "eligible"
        : node.SchedulingEligibility,
    LastDrain: lastDrain(node, body),
  }));

export const applyNodeDeregister: Handler<"node.deregister"> = (tx, body) => {
  for (const id of body.nodeIds) removeNode(tx, id);
  putEvaluations(tx, body.evaluations);
  return done;
};

export function removeNode(tx: Transaction, id: NodeId): void {
  removeServicesOfNode(tx, id);
  if (tx.tables.nodes.delete(id)) touch(tx, "nodes", id);
}

interface NodeChange {
  readonly nodeId: NodeId;
  readonly event: NodeEvent | null;
  readonly evaluations: CommandBodies["node.status"]["evaluations"];
}

function change(
  tx: Transaction,
  body: NodeChange,
  update: (node: Node) => Node,
): { readonly ok: true } | { readonly refused: "not-found"; readonly detail: string } {
  const node = tx.tables.nodes.get(body.nodeId);
  if (node === undefined) return { refused: "not-found", detail: body.nodeId };
  putNode(tx, node, { ...update(node), Events: withEvent(node.Events, body.event, tx.index) });
  putEvaluations(tx, body.evaluations);
  return done;
}

function putNode(tx: Transaction, existing: Node | undefined, node: Node): void {
  tx.tables.nodes.put({
    ...node,
    CreateIndex: existing?.CreateIndex ?? tx.index,
    ModifyIndex: tx.index,
  });
  touch(tx, "nodes", node.ID);
}

function withEvent(
  events: readonly NodeEvent[] | null,
  event: NodeEvent | null,
  index: number,
): readonly NodeEvent[] | null {
  if (event === null) return events;
  return [...(events ?? []), { ...event, CreateIndex: index }].slice(-keptEvents);
}

/** What the node itself noted since it registered last, behind what the cluster notes. */
function withEvents(
  events: readonly NodeEvent[] | null,
  added: readonly NodeEvent[] | null,
  index: number,
): readonly NodeEvent[] | null {
  return (added ?? []).reduce<readonly NodeEvent[] | null>(
    (all, event) => withEvent(all, event, index),
    events,
  );
}

function lastDrain(node: Node, body: CommandBodies["node.drain"]): DrainMetadata | null {
  const known = node.LastDrain;
  if (body.strategy === null) {
    if (node.DrainStrategy === null || known === null) return known;
    return {
      ...known,
      UpdatedAt: body.at,
      Status: body.isComplete ? "complete" : "canceled",
      Meta: body.meta ?? known.Meta,
    };
  }
  const continues = node.DrainStrategy !== null && known !== null;
  return {
    StartedAt: continues ? known.StartedAt : body.at,
    UpdatedAt: body.at,
    Status: "draining",
    AccessorID: body.accessor ?? "",
    Meta: body.meta ?? (continues ? known.Meta : null),
  };
}

/** A node may name a pool that nobody made yet. */
function ensurePool(tx: Transaction, name: string): void {
  if (name === "" || tx.tables.pools.get(name)) return;
  tx.tables.pools.put({
    Name: name,
    Description: "",
    Meta: null,
    SchedulerConfiguration: null,
    CreateIndex: tx.index,
    ModifyIndex: tx.index,
  });
  touch(tx, "node_pools", name);
}

const clusterEvent = (Message: string, atNs: number): NodeEvent => ({
  Message,
  Subsystem: "Cluster",
  Details: null,
  Timestamp: formatInstant(atNs),
  CreateIndex: 0,
});

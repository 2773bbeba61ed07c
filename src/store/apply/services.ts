import type { AllocationId, NodeId } from "../../model/ids.ts";
import { isClientTerminal } from "../../model/allocation.ts";
import { serviceNameText } from "../../model/service.ts";
import type { ServiceRegistration } from "../../model/service.ts";
import { done, touch } from "./transaction.ts";
import type { Handler, Transaction } from "./transaction.ts";

/** What a node says of its own services: first what goes, then what comes. */
export const applyServiceReport: Handler<"service.report"> = (tx, body) => {
  for (const { namespace, id } of body.remove) {
    const existing = tx.tables.services.get(namespace, id);
    if (existing?.NodeID === body.nodeId) remove(tx, existing);
  }
  for (const registration of body.upsert)
    if (registration.NodeID === body.nodeId && isAlive(tx, registration)) put(tx, registration);
  return done;
};

export const applyServiceDelete: Handler<"service.delete"> = (tx, { namespace, id }) => {
  const existing = tx.tables.services.get(namespace, id);
  if (existing === undefined) return { refused: "not-found", detail: id };
  remove(tx, existing);
  return done;
};

/** The end of an allocation is the end of its services, whatever its node still manages to say. */
export function removeServicesOfAllocation(tx: Transaction, id: AllocationId): void {
  for (const row of tx.tables.services.select("WHERE alloc_id = ? ORDER BY namespace, id", id))
    remove(tx, row);
}

export function removeServicesOfNode(tx: Transaction, id: NodeId): void {
  for (const row of tx.tables.services.select("WHERE node_id = ? ORDER BY namespace, id", id))
    remove(tx, row);
}

/** A report may come after the allocation has ended, or after its node was given up. */
function isAlive(tx: Transaction, registration: ServiceRegistration): boolean {
  const allocation = tx.tables.allocations.get(registration.AllocID);
  const node = tx.tables.nodes.get(registration.NodeID);
  return (
    allocation?.NodeID === registration.NodeID &&
    !isClientTerminal(allocation) &&
    node !== undefined &&
    node.Status !== "down"
  );
}

function put(tx: Transaction, registration: ServiceRegistration): void {
  const existing = tx.tables.services.get(registration.Namespace, registration.ID);
  const next = {
    ...registration,
    CreateIndex: existing?.CreateIndex ?? tx.index,
    ModifyIndex: existing?.ModifyIndex ?? tx.index,
  };
  if (existing && JSON.stringify(existing) === JSON.stringify(next)) return;
  tx.tables.services.put({ ...next, ModifyIndex: tx.index });
  told(tx, next);
}

function remove(tx: Transaction, registration: ServiceRegistration): void {
  tx.tables.services.delete(registration.Namespace, registration.ID);
  told(tx, registration);
}

function told(tx: Transaction, { Namespace, ServiceName }: ServiceRegistration): void {
  touch(tx, "services", serviceNameText(Namespace, ServiceName));
}

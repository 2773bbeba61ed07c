import { done, touch } from "./transaction.ts";
import type { Handler } from "./transaction.ts";

export const applySourceReport: Handler<"source.report"> = (tx, { source }) => {
  tx.tables.sources.put({ ...source, ModifyIndex: tx.index });
  touch(tx, "job_sources", `${source.Agent}/${source.Path}`);
  return done;
};

export const applySourceForget: Handler<"source.forget"> = (tx, { agent, path }) => {
  if (tx.tables.sources.delete(agent, path)) touch(tx, "job_sources", `${agent}/${path}`);
  return done;
};

export const applyNamespaceUpsert: Handler<"namespace.upsert"> = (tx, { namespaces }) => {
  for (const namespace of namespaces) {
    const CreateIndex = tx.tables.namespaces.get(namespace.Name)?.CreateIndex ?? tx.index;
    tx.tables.namespaces.put({ ...namespace, CreateIndex, ModifyIndex: tx.index });
    touch(tx, "namespaces", namespace.Name);
  }
  return done;
};

export const applyNamespaceDelete: Handler<"namespace.delete"> = (tx, { names }) => {
  for (const name of names) {
    if (!tx.tables.namespaces.get(name)) return { refused: "not-found", detail: name };
    if (tx.tables.jobs.some("namespace = ? AND status <> 'dead'", name))
      return { refused: "in-use", detail: `namespace "${name}" has non-terminal jobs` };
  }
  for (const name of names) {
    tx.tables.namespaces.delete(name);
    touch(tx, "namespaces", name);
  }
  return done;
};

export const applyNodePoolUpsert: Handler<"node-pool.upsert"> = (tx, { pools }) => {
  for (const pool of pools) {
    const CreateIndex = tx.tables.pools.get(pool.Name)?.CreateIndex ?? tx.index;
    tx.tables.pools.put({ ...pool, CreateIndex, ModifyIndex: tx.index });
    touch(tx, "node_pools", pool.Name);
  }
  return done;
};

export const applyNodePoolDelete: Handler<"node-pool.delete"> = (tx, { names }) => {
  for (const name of names) {
    if (!tx.tables.pools.get(name)) return { refused: "not-found", detail: name };
    if (tx.tables.nodes.some("node_pool = ?", name))
      return { refused: "in-use", detail: `node pool "${name}" has nodes` };
    if (tx.tables.jobs.some("node_pool = ? AND status <> 'dead'", name))
      return { refused: "in-use", detail: `node pool "${name}" has non-terminal jobs` };
  }
  for (const name of names) {
    tx.tables.pools.delete(name);
    touch(tx, "node_pools", name);
  }
  return done;
};

export const applySchedulerConfigSet: Handler<"scheduler-config.set"> = (tx, body) => {
  const existing = tx.tables.schedulerConfig.get(1);
  if (body.checkIndex !== null && body.checkIndex !== (existing?.ModifyIndex ?? 0))
    return { updated: false };
  const CreateIndex = existing?.CreateIndex ?? tx.index;
  tx.tables.schedulerConfig.put({ ...body.config, CreateIndex, ModifyIndex: tx.index });
  touch(tx, "scheduler_config", "scheduler_config");
  return { updated: true };
};

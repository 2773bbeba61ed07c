import type { JsonMap } from "../../model/job.ts";
import type { NodePool } from "../../model/namespace.ts";
import { withHash } from "../encode/hash.ts";
import { encodeNodeStub } from "../encode/node.ts";
import { badRequest, failed } from "../errors.ts";
import { empty, found, missing } from "../http/answer.ts";
import type { ActionHandler, ReadHandler } from "../http/handler.ts";
import type { Fields } from "../http/json-body.ts";
import { listBody } from "../http/list.ts";
import { bodyOf, boolOf } from "../http/request.ts";
import { encodeJobStub } from "../encode/job.ts";
import { jobListing } from "./jobs.ts";
import { param } from "./keys.ts";

const validName = /^[a-zA-Z0-9-_]{1,128}$/;
const builtIn = new Set(["all", "default"]);
const noPool = "node pool not found";

export const listNodePools: ReadHandler = ({ store }, _request, options) => ({
  index: store.read.tableIndex("node_pools"),
  watch: [{ table: "node_pools" }],
  body: () =>
    listBody(
      {
        fetch: (query) => store.read.nodePools(query),
        token: (pool) => pool.Name,
        encode: encodePool,
      },
      options,
    ),
});

export const readNodePool: ReadHandler = ({ store }, request) => {
  const name = param(request, "name");
  const watch = [{ table: "node_pools", key: name }] as const;
  const pool = store.read.nodePool(name);
  return pool
    ? found(pool.ModifyIndex, watch, () => encodePool(pool))
    : missing(store.read.tableIndex("node_pools"), watch, noPool);
};

/** Identities of nodes live a day; it cannot be set yet. */
const encodePool = (pool: NodePool): object => ({
  ...(builtIn.has(pool.Name) ? { ...pool, Hash: null } : withHash(pool)),
  NodeIdentityTTL: 86_400e9,
});

export const nodePoolNodes: ReadHandler = ({ store }, request, options) => {
  const name = param(request, "name");
  refusePrefix(options.prefix);
  const index = store.read.tableIndex("nodes");
  const watch = [{ table: "nodes" }] as const;
  if (!store.read.nodePool(name)) return missing(index, watch, noPool);
  return {
    index,
    watch,
    body() {
      const resources = boolOf(request.query, "resources") ?? false;
      const os = boolOf(request.query, "os") ?? false;
      return listBody(
        {
          fetch: (query) => store.read.nodes(query),
          token: (node) => node.ID,
          keep: (node) => name === "all" || node.NodePool === name,
          encode: (node) => encodeNodeStub(node, { resources, os }),
        },
        options,
      );
    },
  };
};

export const nodePoolJobs: ReadHandler = ({ store }, request, options) => {
  const name = param(request, "name");
  refusePrefix(options.prefix);
  const index = store.read.tableIndex("jobs", "job_summaries");
  const watch = [{ table: "jobs" }, { table: "job_summaries" }] as const;
  if (!store.read.nodePool(name)) return missing(index, watch, noPool);
  return {
    index,
    watch,
    body() {
      const meta = boolOf(request.query, "meta") ?? false;
      return listBody(
        {
          ...jobListing((query) => store.read.jobs(query)),
          keep: (job) => job.NodePool === name,
          encode: (job) =>
            encodeJobStub(job, store.read.jobSummary({ namespace: job.Namespace, id: job.ID }), {
              meta,
            }),
        },
        options,
      );
    },
  };
};

function refusePrefix(prefix: string): void {
  if (prefix !== "") throw badRequest("prefix is not supported here");
}

export const writeNodePool: ActionHandler = async ({ store }, request) => {
  const body = await bodyOf(request);
  const named = body.text("Name") ?? "";
  const wanted = request.params["name"];
  if (wanted !== undefined && named !== "" && named !== wanted)
    throw badRequest("Node pool name does not match request path");
  const name = named || (wanted ?? "");
  if (builtIn.has(name)) throw badRequest(`modifying node pool "${name}" is not allowed`);
  if (!validName.test(name))
    throw badRequest(
      `invalid node pool: invalid name "${name}", must match regex ${validName.source}`,
    );
  const { index } = await store.write("node-pool.upsert", { pools: [poolFrom(body, name)] });
  return empty(index);
};

const poolFrom = (body: Fields, name: string): NodePool => ({
  Name: name,
  Description: body.text("Description") ?? "",
  Meta: body.textMap("Meta") ?? null,
  SchedulerConfiguration:
    (body.object("SchedulerConfiguration")?.raw as JsonMap | undefined) ?? null,
  CreateIndex: 0,
  ModifyIndex: 0,
});

export const deleteNodePool: ActionHandler = async (context, request) => {
  const name = param(request, "name");
  if (builtIn.has(name)) throw badRequest(`deleting node pool "${name}" is not allowed`);
  const { index, outcome } = await context.store.write("node-pool.delete", { names: [name] });
  if ("ok" in outcome) return empty(index);
  if (outcome.refused === "not-found") throw failed(`node pool "${name}" not found`);
  const what = context.store.read.jobs({ namespace: "*" }).some((job) => job.NodePool === name)
    ? "non-terminal jobs"
    : "nodes";
  throw failed(
    context.jobspec.multiErrorText([
      `node pool "${name}" has ${what} in regions: [${context.region}]`,
    ]),
  );
};

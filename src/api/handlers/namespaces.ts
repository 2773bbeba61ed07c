import type { Namespace } from "../../model/namespace.ts";
import { badRequest, failed } from "../errors.ts";
import { empty, found, missing } from "../http/answer.ts";
import type { ActionHandler, ReadHandler } from "../http/handler.ts";
import { listBody } from "../http/list.ts";
import { bodyOf } from "../http/request.ts";
import { withHash } from "../encode/hash.ts";
import type { JsonMap } from "../../model/job.ts";
import type { Fields } from "../http/json-body.ts";
import { param } from "./keys.ts";

const validName = /^[a-zA-Z0-9-]{1,128}$/;

export const listNamespaces: ReadHandler = ({ store }, _request, options) => ({
  index: store.read.tableIndex("namespaces"),
  watch: [{ table: "namespaces" }],
  body: () =>
    listBody(
      {
        fetch: (query) => store.read.namespaces(query),
        token: (namespace) => namespace.Name,
        encode: encodeNamespace,
      },
      options,
    ),
});

/** Made for the answer: the built-in namespace, which no write made, has one as well. */
const encodeNamespace = (namespace: Namespace): object => withHash(namespace);

export const readNamespace: ReadHandler = ({ store }, request) => {
  const name = param(request, "name");
  const watch = [{ table: "namespaces", key: name }] as const;
  const namespace = store.read.namespace(name);
  return namespace
    ? found(namespace.ModifyIndex, watch, () => encodeNamespace(namespace))
    : missing(store.read.tableIndex("namespaces"), watch, "Namespace not found");
};

export const writeNamespace: ActionHandler = async (context, request) => {
  const body = await bodyOf(request);
  const named = body.text("Name") ?? "";
  const wanted = request.params["name"];
  if (wanted !== undefined && named !== "" && named !== wanted)
    throw badRequest("Namespace name does not match request path");
  const name = named || (wanted ?? "");
  if (!validName.test(name))
    throw failed(
      `Invalid namespace "${name}": ${context.jobspec.multiErrorText([
        `invalid name "${name}". Must match regex ${validName.source}`,
      ])}`,
    );
  const { index } = await context.store.write("namespace.upsert", {
    namespaces: [namespaceFrom(body, name)],
  });
  return empty(index);
};

function namespaceFrom(body: Fields, name: string): Namespace {
  const map = (field: string): JsonMap | null =>
    (body.object(field)?.raw as JsonMap | undefined) ?? null;
  return {
    Name: name,
    Description: body.text("Description") ?? "",
    Quota: body.text("Quota") ?? "",
    Capabilities: map("Capabilities"),
    NodePoolConfiguration: map("NodePoolConfiguration"),
    VaultConfiguration: map("VaultConfiguration"),
    ConsulConfiguration: map("ConsulConfiguration"),
    Meta: body.textMap("Meta") ?? null,
    Hash: "",
    CreateIndex: 0,
    ModifyIndex: 0,
  };
}

export const deleteNamespace: ActionHandler = async (context, request) => {
  const name = param(request, "name");
  if (name === "default") throw failed("can not delete default namespace");
  const { index, outcome } = await context.store.write("namespace.delete", { names: [name] });
  if ("ok" in outcome) return empty(index);
  throw failed(
    outcome.refused === "not-found"
      ? "namespace not found"
      : `namespace "${name}" has non-terminal jobs in regions: [${context.region}]`,
  );
};

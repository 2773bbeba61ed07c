import { allocationId } from "../../model/ids.ts";
import { jobKeyText } from "../../model/ids.ts";
import type { CheckState } from "../../model/check.ts";
import { serviceNameText } from "../../model/service.ts";
import type { ServiceRegistration } from "../../model/service.ts";
import { chooseServices, parseServiceChoice } from "../../reconciler/choose-services.ts";
import { badRequest, failed } from "../errors.ts";
import { empty, found, json, missing } from "../http/answer.ts";
import type { ActionHandler, ReadHandler } from "../http/handler.ts";
import { listBody, selectRows } from "../http/list.ts";
import { checkUuid } from "../http/lookup.ts";
import { namespaceOf } from "../http/request.ts";
import { localAllocation } from "./client.ts";
import { jobKeyOf, param, watchJob } from "./keys.ts";

/** The names of all services with the tags that any instance has, by namespace. */
export const listServices: ReadHandler = ({ store }, _request, { namespace }) =>
  found(store.read.tableIndex("services"), [{ table: "services" }], () => {
    const namespaces = new Map<string, Map<string, Set<string>>>();
    for (const row of store.read.services({ namespace })) {
      const names = namespaces.get(row.Namespace) ?? new Map<string, Set<string>>();
      names.set(row.ServiceName, new Set([...(names.get(row.ServiceName) ?? []), ...row.Tags]));
      namespaces.set(row.Namespace, names);
    }
    return [...namespaces].map(([Namespace, names]) => ({
      Namespace,
      Services: [...names]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([ServiceName, tags]) => ({ ServiceName, Tags: [...tags].toSorted() })),
    }));
  });

export const readService: ReadHandler = ({ store }, request, options) => {
  const name = param(request, "name");
  const asked = request.query.get("choose") ?? "";
  const choice = asked === "" ? undefined : parseServiceChoice(asked);
  if (asked !== "" && choice === undefined)
    throw badRequest(
      "failed to choose services: Parameter for choose must be in form '<number>|<key>'",
    );
  const key = serviceNameText(options.namespace, name);
  const listing = {
    fetch: (query: Parameters<typeof store.read.servicesNamed>[1]) =>
      store.read.servicesNamed(name, query),
    token: (row: ServiceRegistration) => `${row.Namespace}.${row.ID}`,
    encode: (row: ServiceRegistration) => row,
  };
  return {
    index: store.read.tableIndex("services"),
    watch: [{ table: "services", ...(options.namespace === "*" ? {} : { key }) }],
    body: () =>
      choice === undefined
        ? listBody(listing, options)
        : {
            value: chooseServices(selectRows(listing, { ...options, perPage: 0 }).rows, choice),
          },
  };
};

/** A node that still runs the instance puts it back: this is for what nobody looks after any more. */
export const deleteService: ActionHandler = async ({ store }, request) => {
  const key = { namespace: namespaceOf(request.query), id: param(request, "id") };
  const named = store.read.service(key);
  if (named?.ServiceName !== param(request, "name")) throw failed(noService);
  const { index, outcome } = await store.write("service.delete", key);
  if ("refused" in outcome) throw failed(noService);
  return empty(index);
};
const noService = "service registration not found";

export const jobServices: ReadHandler = ({ store }, request, options) => {
  const key = jobKeyOf(request, options.namespace);
  if (!store.read.job(key))
    return missing(store.read.tableIndex("jobs"), watchJob(key), "job not found");
  const watch = [{ table: "services" }, { table: "jobs", key: jobKeyText(key) }] as const;
  return found(store.read.tableIndex("services"), watch, () => store.read.servicesByJob(key));
};

export const allocationServices: ReadHandler = ({ store }, request) => {
  const id = param(request, "id");
  checkUuid(id, "alloc");
  if (!store.read.allocation(allocationId(id)))
    return missing(
      store.read.tableIndex("allocations"),
      [{ table: "allocations", key: id }],
      "allocation not found",
    );
  return found(store.read.tableIndex("services"), [{ table: "services" }], () =>
    store.read.servicesByAllocation(allocationId(id)),
  );
};

/** What the checks of an allocation said last, by their ids. */
export const allocationChecks: ActionHandler = (context, request) => {
  const { node, allocation } = localAllocation(context, request);
  const states = node.checks(allocation.ID);
  return json(Object.fromEntries(states.map((state) => [state.plan.id, encodeCheck(state)])));
};

const encodeCheck = ({ plan, result }: CheckState): object => ({
  ID: plan.id,
  Mode: plan.mode,
  Status: result.status,
  // What knows no codes has none.
  ...(result.statusCode === 0 ? {} : { StatusCode: result.statusCode }),
  Output: result.output,
  Timestamp: Math.floor(result.atNs / 1e9),
  Group: plan.group,
  Task: plan.task,
  Service: plan.service,
  Check: plan.name,
});

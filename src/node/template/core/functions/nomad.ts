import { between, exactly } from "../call.ts";
import type { Arguments, Calling, FunctionTable } from "../call.ts";
import { parseServiceName, parseVariablePath } from "../dependency.ts";
import type { Dependency, ServiceDependency } from "../dependency.ts";
import { CallFault, FinalFault } from "../faults.ts";
import type { ServiceData, VariableData, VariableMetadata } from "../lookups.ts";
import { compareText, Dictionary, getter, Structure } from "../value.ts";
import type { Value } from "../value.ts";

/** Look-ups outside of the template: of the task's environment, of the cluster's variables and services. */
export const nomadFunctions: FunctionTable = {
  env: between(1, 1, (given, { lookups }) => lookups.env.get(given.text(0)) ?? ""),
  envOrDefault: exactly(2, (given, { lookups }) => lookups.env.get(given.text(0)) || given.text(1)),
  mustEnv: exactly(1, (given, { lookups }) => {
    const found = lookups.env.get(given.text(0));
    if (found === undefined)
      throw new CallFault(`environment variable ${JSON.stringify(given.text(0))} is not set`);
    return found;
  }),
  nomadVar: exactly(1, (given, calling) => {
    const asked = variableAsked(given.text(0), calling);
    const found = calling.lookups.variable(asked);
    if (found === undefined) calling.lookups.noteMissing(asked);
    return found === undefined ? undefined : itemsOf(found);
  }),
  nomadVarExists: exactly(
    1,
    (given, calling) =>
      calling.lookups.variable(variableAsked(given.text(0), calling)) !== undefined,
  ),
  nomadVarList: between(0, 1, (given, calling) => listVariables(given, calling).list),
  nomadVarListSafe: between(0, 1, (given, calling) => {
    const { list, asked } = listVariables(given, calling);
    if (list.length === 0) calling.lookups.noteMissing(asked);
    return list;
  }),
  nomadService: between(1, 3, (given, calling) => {
    const found = calling.lookups.service(serviceAsked(given)) ?? [];
    calling.budget.spend(stepsPerLookup + found.length * 8);
    return [...found].sort((a, b) => compareText(a.name, b.name)).map(serviceOf);
  }),
  nomadServices: between(0, 1, (given, calling) => {
    const found = calling.lookups.services(servicesAsked(given)) ?? [];
    calling.budget.spend(stepsPerLookup + found.length * 8);
    return [...found]
      .sort((a, b) => compareText(a.name, b.name))
      .map(
        ({ name, tags }) =>
          new Structure(
            "NomadServicesSnippet",
            new Map<string, Value>([
              ["Name", name],
              ["Tags", [...tags].sort(compareText)],
            ]),
          ),
      );
  }),
  file: exactly(1, (given, { lookups, budget }) => {
    if (given.text(0).length > longestPath) throw new CallFault("the path is too long");
    budget.spend(stepsPerLookup);
    const answer = lookups.file({ kind: "file", path: given.text(0) });
    if (answer === undefined) return "";
    if (answer.kind === "refused") throw new FinalFault(`file: ${answer.reason}`);
    budget.read(answer.text.length);
    return answer.text;
  }),
};

type Asked<K extends Dependency["kind"]> = Extract<Dependency, { readonly kind: K }>;

const longestPath = 4_096;
/** A look-up is more work than a call, and what was asked is kept. */
const stepsPerLookup = 100;

function variableAsked(text: string, { lookups, budget }: Calling): Asked<"variable"> {
  budget.spend(stepsPerLookup);
  const place = parseVariablePath(text, lookups.home);
  if (place === undefined || place.path === "")
    throw new CallFault(`nomad.var.get: invalid format: ${JSON.stringify(text)}`);
  return { kind: "variable", ...place };
}

function listVariables(
  given: Arguments,
  { lookups, budget }: Calling,
): { readonly list: readonly Value[]; readonly asked: Asked<"variables"> } {
  const text = given.count === 0 ? "" : given.text(0);
  const place = text === "" ? { path: "", ...lookups.home } : parseVariablePath(text, lookups.home);
  if (place === undefined)
    throw new CallFault(`nomad.var.list: invalid format: ${JSON.stringify(text)}`);
  const { path: prefix, namespace, region } = place;
  budget.spend(stepsPerLookup);
  const asked = { kind: "variables", prefix, namespace, region } as const;
  const found = lookups.variables(asked) ?? [];
  budget.spend(found.length);
  return { list: [...found].sort((a, b) => compareText(a.path, b.path)).map(metadataOf), asked };
}

/** `nomadService "name"`, or with a count and a key in front. */
function serviceAsked(given: Arguments): ServiceDependency {
  if (given.count === 2)
    throw new CallFault("invalid arguments: must be a name, or a count, a key and a name");
  const name = parseServiceName(given.text(given.last));
  if (name === undefined)
    throw new CallFault(`nomad.service: invalid format: ${JSON.stringify(given.text(given.last))}`);
  if (given.count === 1) return { kind: "service", ...name, choose: undefined };
  const count = given.count32(0);
  if (count <= 0) throw new CallFault("invalid arguments: the count must be a positive number");
  return { kind: "service", ...name, choose: { count, key: given.text(1) } };
}

function servicesAsked(given: Arguments): Asked<"services"> {
  const text = given.count === 0 ? "" : given.text(0);
  const match =
    text.length > 512 ? null : /^([\p{L}\p{N}_*-]*)(?:@([\p{L}\p{N}._-]+))?$/u.exec(text);
  if (match === null)
    throw new CallFault(`nomad.services: invalid format: ${JSON.stringify(text)}`);
  return { kind: "services", namespace: match[1] ?? "", region: match[2] ?? "" };
}

const serviceOf = (service: ServiceData): Structure =>
  new Structure(
    "NomadService",
    new Map<string, Value>([
      ["ID", service.id],
      ["Name", service.name],
      ["Node", service.node],
      ["Address", service.address],
      ["Port", BigInt(service.port)],
      ["Datacenter", service.datacenter],
      ["Tags", [...service.tags].sort(compareText)],
      ["JobID", service.jobId],
      ["AllocID", service.allocId],
    ]),
  );

const metadataFields = (data: VariableMetadata): Map<string, Value> =>
  new Map<string, Value>([
    ["Namespace", data.namespace],
    ["Path", data.path],
    ["CreateIndex", BigInt(data.createIndex)],
    ["ModifyIndex", BigInt(data.modifyIndex)],
    ["CreateTime", data.createTimeNs],
    ["ModifyTime", data.modifyTimeNs],
  ]);

const metadataOf = (data: VariableMetadata): Structure =>
  new Structure("NomadVarMeta", metadataFields(data), { text: data.path });

/** The items of a variable by their keys; each shows its value and knows the whole. */
function itemsOf(data: VariableData): Dictionary {
  const keys = Object.keys(data.items).sort(compareText);
  const methods = new Map([
    ["Metadata", getter(() => (keys.length > 0 ? metadataOf(data) : undefined))],
    ["Parent", getter(() => (keys.length > 0 ? variableOf(data) : undefined))],
  ]);
  const item = (key: string, value: string): Structure =>
    new Structure(
      "NomadVarItem",
      new Map<string, Value>([
        ["Key", key],
        ["Value", value],
      ]),
      { methods, text: value },
    );
  const valueOf = (key: string): string => data.items[key] ?? "";
  return new Dictionary(new Map(keys.map((key) => [key, item(key, valueOf(key))])), {
    zero: item("", ""),
    methods: new Map([
      ...methods,
      ["Keys", getter(() => keys)],
      ["Values", getter(() => keys.map(valueOf))],
      [
        "Tuples",
        getter(() =>
          keys.map(
            (key) =>
              new Structure(
                "tuple",
                new Map<string, Value>([
                  ["K", key],
                  ["V", valueOf(key)],
                ]),
              ),
          ),
        ),
      ],
      ["ItemsMap", getter(() => new Dictionary(new Map(keys.map((key) => [key, valueOf(key)]))))],
    ]),
  });
}

const variableOf = (data: VariableData): Structure =>
  new Structure(
    "NomadVariable",
    new Map<string, Value>([...metadataFields(data), ["Items", itemsOf(data)]]),
    { methods: new Map([["Metadata", getter(() => metadataOf(data))]]) },
  );

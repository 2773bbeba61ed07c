import type { Diagnostic } from "../../lib/diagnostic.ts";
import { parseDuration } from "../../lib/duration.ts";
import { assertNever } from "../../lib/errors.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { nearMiss } from "../../lib/near-miss.ts";
import type { JsonMap } from "../../model/job.ts";

/** What a driver's task options are made of: one table reads, checks and names them. */
export type OptionSpec =
  | {
      readonly kind: "text";
      readonly required?: boolean;
      /** The only words that mean something. */
      readonly among?: readonly string[];
      /** A path that must say all of the way. */
      readonly absolute?: boolean;
    }
  /** `numbers` is a map of whole numbers, read as text like every map. */
  | {
      readonly kind: "bool" | "int" | "duration" | "texts" | "map" | "numbers";
      readonly required?: boolean;
    }
  | { readonly kind: "block" | "blocks"; readonly fields: OptionTable; readonly required?: boolean }
  /** A published option that this engine or build cannot honour: refused, never ignored. */
  | { readonly kind: "refused"; readonly reason: string };

export interface OptionTable {
  readonly [name: string]: OptionSpec;
}
export interface DecodedOptions {
  /** Only what was written; durations are nanoseconds, `block` an object, `blocks` a list of objects. */
  readonly values: JsonObject;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a task's `config`. Blocks may come as HCL makes them, a list of maps, or as plain objects. */
export function decodeOptions(
  config: JsonMap,
  table: OptionTable,
  path = "config",
): DecodedOptions {
  const values: { [name: string]: Json } = {};
  const diagnostics: Diagnostic[] = [];
  const misspelt = new Set<string | undefined>();
  for (const [name, value] of Object.entries(config)) {
    if (value === null) continue;
    const spec = Object.hasOwn(table, name) ? table[name] : undefined;
    if (spec === undefined) {
      const near = nearMiss(name, Object.keys(table));
      misspelt.add(near);
      diagnostics.push(unknownOption(`${path}.${name}`, near));
    } else if (spec.kind === "refused")
      diagnostics.push(fault(`${path}.${name} is not supported`, spec.reason));
    else readInto(values, { name, value, spec, path }, diagnostics);
  }
  for (const [name, spec] of Object.entries(table)) {
    const isWritten = (config[name] ?? null) !== null || misspelt.has(name);
    if (spec.kind !== "refused" && spec.required === true && !isWritten)
      diagnostics.push(fault(`${path}.${name} is missing`, "this option is required"));
  }
  return { values, diagnostics };
}

interface Written {
  readonly name: string;
  readonly value: Json;
  readonly spec: Exclude<OptionSpec, { kind: "refused" }>;
  readonly path: string;
}

function readInto(
  values: { [name: string]: Json },
  written: Written,
  diagnostics: Diagnostic[],
): void {
  const { name, value, spec, path } = written;
  if (spec.kind === "block" || spec.kind === "blocks") {
    const bodies = objectsOf(value);
    if (bodies === undefined) {
      diagnostics.push(fault(`${path}.${name} must be a block`, ""));
      return;
    }
    const decoded = bodies.map((body) => decodeOptions(body, spec.fields, `${path}.${name}`));
    for (const one of decoded) diagnostics.push(...one.diagnostics);
    if (spec.kind === "blocks") values[name] = decoded.map((one) => one.values);
    else if (decoded.length === 1) values[name] = decoded[0]?.values ?? {};
    else diagnostics.push(fault(`${path}.${name} may stand only once`, ""));
    return;
  }
  const read = readPlain(value, spec.kind);
  if (read === undefined) {
    diagnostics.push(fault(`${path}.${name} must be ${wanted[spec.kind]}`, ""));
    return;
  }
  values[name] = read;
  if (spec.kind === "text") diagnostics.push(...textFaults(`${path}.${name}`, read, spec));
}

function textFaults(
  name: string,
  value: Json,
  { among, absolute }: Extract<OptionSpec, { kind: "text" }>,
): readonly Diagnostic[] {
  if (typeof value !== "string" || value === "" || isReference(value)) return [];
  if (among !== undefined && !among.includes(value)) {
    const near = nearMiss(value, among);
    const words = among.map((word) => JSON.stringify(word)).join(", ");
    return [
      fault(
        `${name} must be one of ${words}, got ${JSON.stringify(value)}`,
        near === undefined ? "" : `did you mean ${near}?`,
      ),
    ];
  }
  if (absolute === true && !value.startsWith("/"))
    return [fault(`${name} must be absolute but got relative path ${JSON.stringify(value)}`, "")];
  return [];
}

type Plain = Exclude<OptionSpec["kind"], "block" | "blocks" | "refused">;
const wanted: { readonly [kind in Plain]: string } = {
  text: "text",
  bool: "true or false",
  int: "a whole number",
  duration: 'a duration such as "5m"',
  texts: "a list of texts",
  map: "a map of texts",
  numbers: "a map of whole numbers",
};

/** What names a value of the running task is read when it is known; until then it may stand for anything. */
export const isReference = (value: Json): boolean =>
  typeof value === "string" && value.includes("${");

function readPlain(value: Json, kind: Plain): Json | undefined {
  if (isReference(value) && !["texts", "map", "numbers"].includes(kind)) return value;
  switch (kind) {
    case "text":
      return textOf(value);
    case "bool":
      if (value === "true" || value === "false") return value === "true";
      return typeof value === "boolean" ? value : undefined;
    case "int": {
      const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
      return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
    }
    case "duration":
      return typeof value === "string" ? parseDuration(value) : undefined;
    case "texts": {
      if (!Array.isArray(value)) return undefined;
      const texts = value.map(textOf);
      return texts.every((text) => text !== undefined) ? texts : undefined;
    }
    case "map":
      return mapOf(value);
    case "numbers": {
      const map = mapOf(value);
      const items = Object.values(map ?? {}).map((item) => textOf(item) ?? "");
      return items.every((item) => isReference(item) || /^-?\d+$/.test(item)) ? map : undefined;
    }
    default:
      return assertNever(kind);
  }
}

function textOf(value: Json): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** Several `labels { .. }` blocks add up to one map. */
function mapOf(value: Json): JsonObject | undefined {
  const out: { [key: string]: Json } = {};
  for (const object of objectsOf(value) ?? [null]) {
    if (object === null) return undefined;
    for (const [key, item] of Object.entries(object)) {
      const text = textOf(item);
      if (text === undefined) return undefined;
      out[key] = text;
    }
  }
  return out;
}

function objectsOf(value: Json): readonly JsonObject[] | undefined {
  const list: readonly Json[] = Array.isArray(value) ? value : [value];
  return list.every(isObject) ? list : undefined;
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const unknownOption = (name: string, near: string | undefined): Diagnostic =>
  fault(`unknown option ${name}`, near === undefined ? "" : `did you mean ${near}?`);

const fault = (summary: string, detail: string): Diagnostic => ({
  severity: "error",
  summary,
  detail,
});

/** Typed looks into decoded options. */
export const optionText = (values: JsonObject, name: string): string => {
  const value = values[name];
  return typeof value === "string" ? value : "";
};
export const optionNumber = (values: JsonObject, name: string): number | undefined => {
  const value = values[name];
  return typeof value === "number" ? value : undefined;
};
export const optionFlag = (values: JsonObject, name: string): boolean => values[name] === true;
export const optionTexts = (values: JsonObject, name: string): readonly string[] => {
  const value = values[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
};
export const optionMap = (values: JsonObject, name: string): { readonly [key: string]: string } => {
  const value = values[name];
  if (value === undefined || !isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
};
export const optionBlocks = (values: JsonObject, name: string): readonly JsonObject[] =>
  (values[name] === undefined ? undefined : objectsOf(values[name])) ?? [];

import { assertNever } from "../../../lib/errors.ts";
import { convertValue, setValue } from "./value.ts";
import type { TypeSpec, Value } from "./value-types.ts";

/**
 * Brings values to one type where the language does: text wins over numbers and bools, objects of different shape
 * become maps, tuples of different length lists. Undefined when there is no such type.
 */
export function unifyValues(values: readonly Value[]): readonly Value[] | undefined {
  const type = unifyTypes(values.map(exactType));
  if (type === undefined) return undefined;
  const converted = values.map((value) => convertValue(value, type));
  return converted.includes(undefined)
    ? undefined
    : converted.filter((value) => value !== undefined);
}

/** A list or set of one type of element; undefined when the elements have none in common. */
export function unifyItems(kind: "list" | "set", items: readonly Value[]): Value | undefined {
  const unified = unifyValues(items);
  if (unified === undefined) return undefined;
  return kind === "set" ? setValue(unified) : { type: kind, items: unified };
}

const any: TypeSpec = { kind: "any" };

/** The type of a value with all of its parts; what is null has any. */
function exactType(value: Value): TypeSpec {
  switch (value.type) {
    case "null":
      return any;
    case "string":
    case "number":
    case "bool":
      return { kind: value.type };
    case "tuple":
      return { kind: "tuple", items: value.items.map(exactType) };
    case "object":
      return {
        kind: "object",
        attributes: new Map([...value.entries].map(([key, item]) => [key, exactType(item)])),
      };
    case "list":
    case "set":
      return { kind: value.type, of: unifyTypes(value.items.map(exactType)) ?? any };
    case "map":
      return { kind: "map", of: unifyTypes([...value.entries.values()].map(exactType)) ?? any };
    default:
      return assertNever(value);
  }
}

function unifyTypes(types: readonly TypeSpec[]): TypeSpec | undefined {
  const known = types.filter(({ kind }) => kind !== "any");
  const [first] = known;
  if (first === undefined) return any;
  if (known.length === 1) return first;
  if (known.every(isPlain)) return unifyPlain(known);
  if (known.every(isMapping)) return unifyMappings(known);
  return known.every(isSequence) ? unifySequences(known) : undefined;
}

const isPlain = ({ kind }: TypeSpec): boolean =>
  kind === "string" || kind === "number" || kind === "bool";

function unifyPlain(types: readonly TypeSpec[]): TypeSpec | undefined {
  const kinds = new Set(types.map(({ kind }) => kind));
  if (kinds.size === 1) return types[0];
  return kinds.has("string") ? { kind: "string" } : undefined;
}

type Mapping =
  | { readonly kind: "map"; readonly of: TypeSpec }
  | { readonly kind: "object"; readonly attributes: ReadonlyMap<string, TypeSpec> };
const isMapping = (type: TypeSpec): type is TypeSpec & Mapping =>
  type.kind === "map" || type.kind === "object";

function unifyMappings(types: readonly TypeSpec[]): TypeSpec | undefined {
  const mappings = types.filter(isMapping);
  const objects = mappings.filter((type) => type.kind === "object");
  const [first] = objects;
  const names = [...(first?.attributes.keys() ?? [])];
  const isOneShape =
    objects.length === types.length &&
    objects.every(
      ({ attributes }) =>
        attributes.size === names.length && names.every((name) => attributes.has(name)),
    );
  if (!isOneShape) {
    const of = unifyTypes(
      mappings.flatMap((type) => (type.kind === "map" ? [type.of] : [...type.attributes.values()])),
    );
    return of === undefined ? undefined : { kind: "map", of };
  }
  const attributes = new Map<string, TypeSpec>();
  for (const name of names) {
    const type = unifyTypes(objects.map((object) => object.attributes.get(name) ?? any));
    if (type === undefined) return undefined;
    attributes.set(name, type);
  }
  return { kind: "object", attributes };
}

type Sequence =
  | { readonly kind: "list" | "set"; readonly of: TypeSpec }
  | { readonly kind: "tuple"; readonly items: readonly TypeSpec[] };
const isSequence = (type: TypeSpec): type is TypeSpec & Sequence =>
  type.kind === "list" || type.kind === "set" || type.kind === "tuple";

function unifySequences(types: readonly TypeSpec[]): TypeSpec | undefined {
  const sequences = types.filter(isSequence);
  const tuples = sequences.filter((type) => type.kind === "tuple");
  const length = tuples[0]?.items.length ?? 0;
  if (tuples.length === types.length && tuples.every(({ items }) => items.length === length)) {
    const items: TypeSpec[] = [];
    for (let at = 0; at < length; at += 1) {
      const type = unifyTypes(tuples.map((tuple) => tuple.items[at] ?? any));
      if (type === undefined) return undefined;
      items.push(type);
    }
    return { kind: "tuple", items };
  }
  const of = unifyTypes(
    sequences.flatMap((type) => (type.kind === "tuple" ? type.items : [type.of])),
  );
  if (of === undefined) return undefined;
  const has = (kind: Sequence["kind"]): boolean => sequences.some((type) => type.kind === kind);
  return { kind: has("set") && !has("list") ? "set" : "list", of };
}

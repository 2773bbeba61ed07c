import { assertNever } from "../../../lib/errors.ts";
import { anyType, isConvertible, typeKey } from "./types.ts";
import type { TypeSpec } from "./value-types.ts";

/**
 * The type that all can be brought to: text wins over numbers and bools, objects of different shape become maps,
 * tuples of different length lists. Undefined where there is none, or nothing to bring to it.
 */
export function unifyTypes(types: readonly TypeSpec[]): TypeSpec | undefined {
  const distinct = [...new Map(types.map((type) => [typeKey(type), type])).values()];
  const [first] = distinct;
  if (first === undefined || distinct.length === 1) return first;
  const kinds = new Set(distinct.map(({ kind }) => kind));
  const hasAny = kinds.delete("any");
  const [kind] = kinds;
  if (kinds.has("object") && kinds.has("tuple")) return undefined;
  if (kinds.size > 1 || kind === undefined)
    return unifyKinds(distinct, kinds) ?? (hasAny ? anyType : undefined);
  if (isPlainKind(kind)) return { kind };
  // What a null may yet be is not known, so that the others stay what they are.
  return hasAny ? anyType : unifyOfKind(distinct, kind);
}

type Kind = TypeSpec["kind"];
type PlainKind = "string" | "number" | "bool";
const isPlainKind = (kind: Kind): kind is PlainKind =>
  kind === "string" || kind === "number" || kind === "bool";

function unifyOfKind(types: readonly TypeSpec[], kind: Kind): TypeSpec | undefined {
  switch (kind) {
    case "map":
    case "list":
    case "set": {
      const of = unifyTypes(types.flatMap((type) => ("of" in type ? [type.of] : [])));
      return of && { kind, of };
    }
    case "object":
      return unifyObjects(types.filter((type) => type.kind === "object"));
    case "tuple":
      return unifyTuples(types.filter((type) => type.kind === "tuple"));
    case "any":
    case "string":
    case "number":
    case "bool":
      return { kind };
    default:
      return assertNever(kind);
  }
}

type ObjectType = Extract<TypeSpec, { kind: "object" }>;
type TupleType = Extract<TypeSpec, { kind: "tuple" }>;

/** Objects of one shape get a type for each attribute, others become maps. */
function unifyObjects(types: readonly ObjectType[]): TypeSpec | undefined {
  const names = [...(types[0]?.attributes.keys() ?? [])];
  const isOneShape = types.every(
    ({ attributes }) =>
      attributes.size === names.length && names.every((name) => attributes.has(name)),
  );
  if (!isOneShape) return mapOf(types);
  const attributes = new Map<string, TypeSpec>();
  for (const name of names) {
    const type = unifyTypes(types.map((object) => object.attributes.get(name) ?? anyType));
    if (type === undefined) return undefined;
    attributes.set(name, type);
  }
  return { kind: "object", attributes };
}

function mapOf(types: readonly ObjectType[]): TypeSpec | undefined {
  const of = unifyTypes(types.flatMap(({ attributes }) => [...attributes.values()]));
  return of && { kind: "map", of };
}

/** Tuples of one length get a type for each element, others become lists. */
function unifyTuples(types: readonly TupleType[]): TypeSpec | undefined {
  const length = types[0]?.items.length ?? 0;
  if (types.some(({ items }) => items.length !== length)) return listOf(types);
  const items: TypeSpec[] = [];
  for (let at = 0; at < length; at += 1) {
    const type = unifyTypes(types.map((tuple) => tuple.items[at] ?? anyType));
    if (type === undefined) return undefined;
    items.push(type);
  }
  return { kind: "tuple", items };
}

function listOf(types: readonly TupleType[]): TypeSpec | undefined {
  const of = unifyTypes(types.flatMap(({ items }) => items));
  return of && { kind: "list", of };
}

/** Kinds that values may go over into each other from; an object is often a map, and a tuple a list. */
const families: readonly (readonly Kind[])[] = [
  ["string", "number", "bool"],
  ["map", "object"],
  ["list", "set", "tuple"],
];

function unifyKinds(types: readonly TypeSpec[], kinds: ReadonlySet<Kind>): TypeSpec | undefined {
  if (!families.some((family) => [...kinds].every((kind) => family.includes(kind))))
    return undefined;
  if (kinds.has("string")) return { kind: "string" };
  if (isPlainKind(types[0]?.kind ?? "any")) return undefined;
  return unifyAsCollections(types, kinds) ?? mostGeneral(types);
}

/** Maps with objects as maps, and lists with tuples as lists, where all of these come to one type. */
function unifyAsCollections(
  types: readonly TypeSpec[],
  kinds: ReadonlySet<Kind>,
): TypeSpec | undefined {
  if (kinds.has("set")) return undefined;
  const collected = kinds.has("map")
    ? mapOf(types.filter((type) => type.kind === "object"))
    : listOf(types.filter((type) => type.kind === "tuple"));
  if (collected === undefined) return undefined;
  const others = types.filter(({ kind }) => kind !== "object" && kind !== "tuple");
  const unified = unifyTypes([...others, collected]);
  return unified?.kind === collected.kind ? unified : undefined;
}

/** Comparing each with each must not take for ever. */
const mostCompared = 64;

/** Of the types that all the others may be brought to the most general one. */
function mostGeneral(types: readonly TypeSpec[]): TypeSpec | undefined {
  if (types.length > mostCompared) return undefined;
  const able = types.filter(
    (wanted) => wanted.kind !== "any" && types.every((type) => isConvertible(type, wanted)),
  );
  return able.find((type) => !able.some((other) => generality(other, type) > 0)) ?? able[0];
}

const rank: { readonly [kind in Kind]: number } = {
  any: 0,
  bool: 1,
  number: 1,
  string: 2,
  object: 1,
  map: 2,
  set: 1,
  tuple: 2,
  list: 3,
};

/** Above zero where the first type takes in what is of the second, below where it is the other way round. */
function generality(a: TypeSpec, b: TypeSpec): number {
  if (a.kind !== b.kind) return rank[a.kind] - rank[b.kind];
  if ("of" in a && "of" in b) return generality(a.of, b.of);
  const signs = new Set(
    partsOfBoth(a, b).map(([left, right]) => Math.sign(generality(left, right))),
  );
  signs.delete(0);
  const [sign] = signs;
  return signs.size === 1 && sign !== undefined ? sign : 0;
}

function partsOfBoth(a: TypeSpec, b: TypeSpec): readonly (readonly [TypeSpec, TypeSpec])[] {
  if (a.kind === "tuple" && b.kind === "tuple" && a.items.length === b.items.length)
    return a.items.map((item, at) => [item, b.items[at] ?? anyType] as const);
  if (a.kind !== "object" || b.kind !== "object") return [];
  return [...a.attributes].flatMap(([name, type]) => {
    const other = b.attributes.get(name);
    return other === undefined ? [] : [[type, other] as const];
  });
}

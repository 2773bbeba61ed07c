import { assertNever } from "../../../lib/errors.ts";
import { isDeepEqual } from "../../../lib/deep-equal.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import type { DiffType, FieldDiff, ObjectDiff } from "../../../model/job-diff.ts";
import { isObject, objects, textOf } from "../model/fill.ts";
import type { Field, Kind, ObjectRule, Schema } from "../model/schema.ts";
import { compare, fieldDiffs, flatFields, flatValue, textSetFields } from "./diff-fields.ts";
import type { FlatFields } from "./diff-fields.ts";
import { matchServices } from "./match-services.ts";

/** A block that may be absent on either side. */
type Side = JsonObject | null;

/** The objects below `old` and `next`, in the order of the schema's rules. */
export function childObjects(
  schema: Schema,
  old: Side,
  next: Side,
  contextual: boolean,
): ObjectDiff[] {
  return schema.shown.flatMap((field) => {
    const [before, after] = [valueOf(old, field), valueOf(next, field)];
    if (field.diff === undefined) return [];
    const found = diffsOf(field, field.diff, { before, after, contextual });
    return found.toSorted((a, b) => compare(sortKey(a), sortKey(b)));
  });
}

/** Objects of one name have no order of their own; this one is the same on every server. */
const sortKey = (diff: ObjectDiff): string => JSON.stringify([diff.Type, diff.Fields]);

const valueOf = (side: Side, field: Field): Json => side?.[field.storedName] ?? null;

interface Sides {
  readonly before: Json;
  readonly after: Json;
  readonly contextual: boolean;
}

function diffsOf(field: Field, rule: ObjectRule, sides: Sides): ObjectDiff[] {
  const { before, after, contextual } = sides;
  const of = itemSchema(field.kind);
  const pairs = (list: Pairs, context = contextual): ObjectDiff[] =>
    of === undefined
      ? []
      : list.flatMap(([old, next]) => objectDiff(of, rule.as, { old, next }, context));
  if (typeof rule.match === "object") {
    const { key } = rule.match;
    return pairs(byKey(keyed(before, key), keyed(after, key)));
  }
  switch (rule.match) {
    case "one":
      return pairs([[asObject(before), asObject(after)]]);
    case "edits":
      return pairs([[asObject(before), asObject(after)]], false);
    case "entries":
      return pairs(byKey(entries(before), entries(after)));
    case "content":
      return pairs(byContent(objects(before) ?? [], objects(after) ?? []));
    case "position":
      return pairs(byPosition(objects(before) ?? [], objects(after) ?? []));
    case "services":
      return pairs(matchServices(objects(before) ?? [], objects(after) ?? []));
    case "texts":
      return textSetDiff(rule.as, sides);
    case "flat":
      return flatDiff(rule.as, sides, flatValue);
    case "joined":
      return flatDiff(rule.as, sides, joinedFields);
    default:
      return assertNever(rule.match);
  }
}

function objectDiff(
  schema: Schema,
  name: string,
  sides: { readonly old: Side; readonly next: Side },
  contextual: boolean,
): ObjectDiff[] {
  const { old, next } = sides;
  if (isDeepEqual(old, next)) return [];
  const fields = fieldDiffs(flatFields(schema, old), flatFields(schema, next), contextual);
  const below = childObjects(schema, old, next, contextual);
  return [
    { Type: sideType(old, next), Name: name, Fields: orNull(fields), Objects: orNull(below) },
  ];
}

export const sideType = (old: unknown, next: unknown): DiffType => {
  if (old === null) return next === null ? "None" : "Added";
  return next === null ? "Deleted" : "Edited";
};

export const orNull = <T>(list: readonly T[]): readonly T[] | null =>
  list.length === 0 ? null : list;

function itemSchema(kind: Kind): Schema | undefined {
  if (kind.kind === "object") return kind.schema;
  return kind.kind === "list" || kind.kind === "map" ? itemSchema(kind.of) : undefined;
}

const asObject = (value: Json): Side => (isObject(value) ? value : null);

type Pairs = readonly (readonly [Side, Side])[];

/** Several items of one key are told apart by their order, so that none is lost. */
function keyed(list: Json, key: string): Map<string, JsonObject> {
  const seen = new Map<string, number>();
  return new Map(
    (objects(list) ?? []).map((item) => {
      const name = textOf(item[key]);
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      return [`${nth} ${name}`, item];
    }),
  );
}

const entries = (map: Json): Map<string, JsonObject> =>
  new Map(
    Object.entries(asObject(map) ?? {}).flatMap(([key, item]) =>
      isObject(item) ? [[key, item] as const] : [],
    ),
  );

function byKey(old: Map<string, JsonObject>, next: Map<string, JsonObject>): Pairs {
  const keys = [...new Set([...old.keys(), ...next.keys()])].toSorted();
  return keys.map((key) => [old.get(key) ?? null, next.get(key) ?? null]);
}

/** Without a key an edit cannot be told from a removal and an addition. */
function byContent(old: readonly JsonObject[], next: readonly JsonObject[]): Pairs {
  const hash = (item: JsonObject): [string, JsonObject] => [JSON.stringify(item), item];
  return byKey(new Map(old.map(hash)), new Map(next.map(hash)));
}

const byPosition = (old: readonly JsonObject[], next: readonly JsonObject[]): Pairs =>
  Array.from({ length: Math.max(old.length, next.length) }, (_, at) => [
    old[at] ?? null,
    next[at] ?? null,
  ]);

function textSetDiff(name: string, sides: Sides): ObjectDiff[] {
  const fields = textSetFields(name, texts(sides.before), texts(sides.after), sides.contextual);
  if (fields.length === 0) return [];
  return [{ Type: fieldsType(fields), Name: name, Fields: fields, Objects: null }];
}

function fieldsType(fields: readonly FieldDiff[]): DiffType {
  const isIn = (type: DiffType): boolean => fields.some((field) => field.Type === type);
  if (isIn("Added")) return isIn("Deleted") ? "Edited" : "Added";
  return isIn("Deleted") ? "Deleted" : "None";
}

const texts = (list: Json): string[] =>
  Array.isArray(list) ? list.map((item: Json) => textOf(item)) : [];

function flatDiff(name: string, sides: Sides, flatten: (value: Side) => FlatFields): ObjectDiff[] {
  const [old, next] = [filled(sides.before), filled(sides.after)];
  if (isDeepEqual(old, next)) return [];
  const fields = fieldDiffs(flatten(old), flatten(next), sides.contextual);
  return [{ Type: sideType(old, next), Name: name, Fields: orNull(fields), Objects: null }];
}

const filled = (map: Json): Side => (isObject(map) && Object.keys(map).length > 0 ? map : null);

/** Lists as one text each, for objects that hold nothing but lists of texts. */
const joinedFields = (value: Side): FlatFields =>
  new Map(
    Object.entries(value ?? {}).flatMap(([key, list]) =>
      texts(list).length === 0 ? [] : [[key, texts(list).join(",")] as const],
    ),
  );

import type { Json } from "../../../lib/json.ts";
import type { JsonPath } from "../../../lib/json-path.ts";
import type { Attribute, Block, Expression } from "../hcl/ast-types.ts";
import type { Range } from "../hcl/source.ts";

/** Where a decoded object is written: its block's head, and its arguments by the keys they became. */
export interface WrittenBlock {
  readonly head: Range;
  readonly fields: ReadonlyMap<string, WrittenField>;
}
export interface WrittenField {
  readonly range: Range;
  readonly value?: Expression;
}

/** Remembers where decoded objects come from. Kept only when somebody asks for places: most jobs are right. */
export interface Places {
  keep(value: object, written: WrittenBlock): void;
  /** An object was made anew out of another, whose place it takes over. */
  move(from: object, to: object): void;
  of(value: object): WrittenBlock | undefined;
}

export function createPlaces(): Places {
  const known = new WeakMap<object, WrittenBlock>();
  return {
    keep: (value, written) => known.set(value, written),
    move: (from, to) => {
      const written = known.get(from);
      if (written !== undefined) known.set(to, written);
    },
    of: (value) => known.get(value),
  };
}

/** The word that opens a block, with its labels. */
export function headOf({ nameRange, labels }: Pick<Block, "nameRange" | "labels">): Range {
  const last = labels.at(-1)?.range;
  // Labels that an expression made stand elsewhere, and those of the JSON form are properties of their own.
  if (last === undefined || last.source !== nameRange.source) return nameRange;
  const between = nameRange.source.text.slice(nameRange.end, last.start);
  return last.end > nameRange.end && /^[ \t"\w-]*$/.test(between)
    ? { ...nameRange, end: last.end }
    : last;
}

/** An argument from its name to the end of its value. */
export const fieldOf = ({ nameRange, value }: Attribute): WrittenField => ({
  range:
    value.range.source === nameRange.source && value.range.end > nameRange.end
      ? { ...nameRange, end: value.range.end }
      : nameRange,
  value,
});

/**
 * Where the value at the end of a path is written. Of a path that leads to what is not written, the nearest thing
 * around it that is. What a block hands down to those within is looked for in both.
 */
export function rangeInJob(body: Json, places: Places, path: JsonPath): Range | undefined {
  const found = [path, ...inherited(path)].map((one) => ({
    ...walk(body, places, one),
    length: one.length,
  }));
  return (found.find(({ depth, length }) => depth === length) ?? found[0])?.range;
}

/** The places that a path's value may come from besides its own. */
function inherited(path: JsonPath): readonly JsonPath[] {
  const [groups, at, first = "", ...rest] = path;
  if (groups !== "TaskGroups" || at === undefined) return [];
  const jobKeys: Readonly<Record<string, string>> = {
    Update: "Update",
    Migrate: "Migrate",
    ReschedulePolicy: "Reschedule",
  };
  const jobKey = jobKeys[String(first)];
  if (jobKey !== undefined) return [[jobKey, ...rest]];
  return first === "Tasks" && rest[1] === "RestartPolicy" ? [[groups, at, ...rest.slice(1)]] : [];
}

interface Found {
  readonly range: Range | undefined;
  /** So many steps of the path lead to something that is written. */
  readonly depth: number;
}

function walk(body: Json, places: Places, path: JsonPath): Found {
  let value = body;
  let range = rangeOf(places, value);
  for (const [depth, key] of path.entries()) {
    const field = isComposite(value) ? places.of(value)?.fields.get(String(key)) : undefined;
    if (field !== undefined) return inField(field, path.slice(depth + 1), depth + 1);
    const inner = innerOf(value, key);
    if (inner === undefined) return { range, depth };
    value = inner;
    range = rangeOf(places, value) ?? range;
  }
  return { range, depth: path.length };
}

function rangeOf(places: Places, value: Json): Range | undefined {
  return isComposite(value) ? places.of(value)?.head : undefined;
}

type Composite = Extract<Json, object>;
const isComposite = (value: Json): value is Composite =>
  typeof value === "object" && value !== null;

function innerOf(value: Json, key: string | number): Json | undefined {
  if (!isComposite(value)) return undefined;
  if (isList(value)) return typeof key === "number" ? value[key] : undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** On into what is written out behind the equals sign. An object there counts as a list of one, as it is decoded. */
function inField(field: WrittenField, path: JsonPath, depth: number): Found {
  let { range, value } = field;
  for (const [at, key] of path.entries()) {
    const inner: WrittenField | undefined = value && innerExpression(value, key);
    if (inner === undefined) return { range, depth: depth + at };
    ({ range } = inner);
    value = inner.value;
  }
  return { range, depth: depth + path.length };
}

function innerExpression(value: Expression, key: string | number): WrittenField | undefined {
  if (value.kind === "tuple") {
    const item = typeof key === "number" ? value.items[key] : undefined;
    return item && { range: item.range, value: item };
  }
  if (value.kind !== "object") return undefined;
  if (key === 0) return { range: value.range, value };
  const item = value.items.findLast((candidate) => nameOf(candidate.key) === key);
  return item && { range: item.key.range, value: item.value };
}

/** Of a key that is written as it is; one that is computed has no name here. */
function nameOf(key: Expression): string | undefined {
  if (key.kind === "name") return key.name;
  if (key.kind === "literal") return key.value.type === "string" ? key.value.text : undefined;
  const [part, more] = key.kind === "template" ? key.parts : [];
  return part?.kind === "text" && more === undefined ? part.text : undefined;
}

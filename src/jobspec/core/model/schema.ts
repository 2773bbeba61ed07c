import type { Json } from "../../../lib/json.ts";

/**
 * The vocabulary of the job field table. Every shape in a job is one `Schema`: its fields with their kinds, what
 * canonicalize and storing fill in, and how the diff treats them. The decoder, canonicalize, the stored job and the
 * diff all walk these tables, so a field is written down once.
 */
export type Kind =
  | { readonly kind: "text" | "bool" | "duration" | "free" }
  | { readonly kind: "whole"; readonly min: number; readonly max: number }
  | { readonly kind: "list"; readonly of: Kind }
  | { readonly kind: "map"; readonly of: Kind }
  | { readonly kind: "object"; readonly schema: Schema };

export interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** The value that counts as "not written": zero for plain fields, null for open ones. */
  readonly unwritten: Json;
  /** What canonicalize puts where nothing is written; null leaves it open. */
  readonly canonical: Json;
  /** What the stored job holds where the canonical body leaves it open; undefined: the field is not stored. */
  readonly stored: Json | undefined;
  /** The name in the stored job where it differs. */
  readonly storedName: string;
  /** Whether the diff lists a change of this plain field; "nil": also that it is absent, by that word. */
  readonly listed: boolean | "nil";
  /** How the diff shows a block or list; undefined: its changes count, but are not shown. */
  readonly diff: ObjectRule | undefined;
}

/** How two lists (or blocks) are compared item by item. "edits" is one block that never shows context. */
export type Match =
  | "one"
  | "edits"
  | "entries"
  | "content"
  | "position"
  | "services"
  | "texts"
  | "flat"
  | "joined"
  | { readonly key: string };

export interface ObjectRule {
  /** The name that its objects have in the diff. */
  readonly as: string;
  readonly match: Match;
  /** Objects of one shape come in rank order; equal ranks in table order. */
  readonly rank: number;
}

export const shownAs = (as: string, match: Match, rank = 0): ObjectRule => ({ as, match, rank });

export interface Schema {
  /** Go's name of the shape, for messages. */
  readonly name: string;
  readonly fields: readonly Field[];
  /** The fields that the diff shows as objects, in its order. */
  readonly shown: readonly Field[];
  /** Lower-case name to field: keys of request bodies match without regard to case. */
  readonly byKey: ReadonlyMap<string, Field>;
}

export interface FieldOptions {
  readonly canonical?: Json;
  readonly stored?: Json | undefined;
  readonly storedName?: string;
  readonly listed?: boolean | "nil";
  readonly diff?: ObjectRule;
}

export type FieldMaker = (name: string) => Field;

export function schema(name: string, makers: { readonly [field: string]: FieldMaker }): Schema {
  const fields = Object.entries(makers).map(([field, make]) => make(field));
  const shown = fields
    .filter((field) => field.diff !== undefined)
    .toSorted((a, b) => (a.diff?.rank ?? 0) - (b.diff?.rank ?? 0));
  const byKey = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  return { name, fields, shown, byKey };
}

const maker =
  (kind: Kind, zero: Json, open: boolean) =>
  (options: FieldOptions = {}): FieldMaker =>
  (name) => ({
    name,
    kind,
    unwritten: open ? null : zero,
    canonical: options.canonical ?? (open ? null : zero),
    stored: "stored" in options ? options.stored : zero,
    storedName: options.storedName ?? name,
    listed: options.listed ?? true,
    diff: options.diff,
  });

export const textKind: Kind = { kind: "text" };
const wholeKind = (min: number, max: number): Kind => ({ kind: "whole", min, max });
const anyWhole = wholeKind(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

/** Plain fields have their zero value when not written; `open` ones (pointers in the reference) stay null. */
export const text = maker(textKind, "", false);
export const openText = maker(textKind, "", true);
export const bool = maker({ kind: "bool" }, false, false);
export const openBool = maker({ kind: "bool" }, false, true);
export const whole = maker(anyWhole, 0, false);
export const openWhole = maker(anyWhole, 0, true);
/** Nanoseconds since 1970 as a double holds them: larger than what counts exactly. */
export const openInstant = maker(wholeKind(-(2 ** 63), 2 ** 63), 0, true);
export const openCount = maker(wholeKind(0, Number.MAX_SAFE_INTEGER), 0, true);
export const count = maker(wholeKind(0, Number.MAX_SAFE_INTEGER), 0, false);
export const openInt8 = maker(wholeKind(-128, 127), 0, true);
export const uint8 = maker(wholeKind(0, 255), 0, false);
export const duration = maker({ kind: "duration" }, 0, false);
export const openDuration = maker({ kind: "duration" }, 0, true);

export const listOf = (of: Kind, options: FieldOptions = {}): FieldMaker =>
  maker({ kind: "list", of }, null, true)(options);
export const mapOf = (of: Kind, options: FieldOptions = {}): FieldMaker =>
  maker({ kind: "map", of }, null, true)(options);
export const texts = (options: FieldOptions = {}): FieldMaker => listOf(textKind, options);
export const textMap = (options: FieldOptions = {}): FieldMaker => mapOf(textKind, options);
/** Values of any shape, kept as they come. */
export const free = (options: FieldOptions = {}): FieldMaker => mapOf({ kind: "free" }, options);
export const one = (of: Schema, options: FieldOptions = {}): FieldMaker =>
  maker({ kind: "object", schema: of }, null, true)(options);
export const many = (of: Schema, options: FieldOptions = {}): FieldMaker =>
  listOf({ kind: "object", schema: of }, options);
export const manyByName = (of: Schema, options: FieldOptions = {}): FieldMaker =>
  mapOf({ kind: "object", schema: of }, options);

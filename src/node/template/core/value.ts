/**
 * What a template works on. Whole numbers are bigints and others are doubles, as the language keeps the two apart;
 * undefined is both "no value" and nil.
 */
export type Value =
  | undefined
  | boolean
  | string
  | bigint
  | number
  | readonly Value[]
  | Dictionary
  | Structure;

/** Something of a value that is called by its name, like a function. */
export interface Method {
  readonly least: number;
  readonly most: number;
  readonly call: (given: readonly Value[]) => Value;
}

/** Entries by text keys; what shows them does so sorted by key. */
export class Dictionary {
  readonly entries: Map<string, Value>;
  /** What an absent key answers, where the element type has a zero that is not nil. */
  readonly zero: Value;
  readonly methods: ReadonlyMap<string, Method>;

  constructor(
    entries: Map<string, Value>,
    options: { readonly zero?: Value; readonly methods?: ReadonlyMap<string, Method> } = {},
  ) {
    this.entries = entries;
    this.zero = options.zero;
    this.methods = options.methods ?? noMethods;
  }
}

/** A fixed set of named fields, always true. */
export class Structure {
  readonly type: string;
  readonly fields: ReadonlyMap<string, Value>;
  readonly methods: ReadonlyMap<string, Method>;
  /** How it prints where it has an own way to. */
  readonly text: string | undefined;

  constructor(
    type: string,
    fields: ReadonlyMap<string, Value>,
    options: { readonly methods?: ReadonlyMap<string, Method>; readonly text?: string } = {},
  ) {
    this.type = type;
    this.fields = fields;
    this.methods = options.methods ?? noMethods;
    this.text = options.text;
  }
}

const noMethods: ReadonlyMap<string, Method> = new Map();

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** Method without arguments, for values that are made when they are asked for. */
export const getter = (call: () => Value): Method => ({ least: 0, most: 0, call });

export function isTrue(value: Value): boolean {
  if (value === undefined) return false;
  if (isList(value)) return value.length > 0;
  if (value instanceof Dictionary) return value.entries.size > 0;
  if (value instanceof Structure) return true;
  // NaN is not zero, so it is true.
  if (typeof value === "number") return value !== 0;
  return Boolean(value);
}

/** The type's name as faults and `%T` say it. */
export function typeName(value: Value): string {
  if (value === undefined) return "<nil>";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "float64";
  if (isList(value)) return "[]interface {}";
  if (value instanceof Dictionary) return "map[string]interface {}";
  return value.type;
}

/** Keys by their bytes, which for text without lone surrogates is the order of code points. */
export const sortedKeys = (dictionary: Dictionary): string[] =>
  [...dictionary.entries.keys()].sort(compareText);

const halfOfPair = /[\ud800-\udfff]/;

/** Orders by code point, where plain comparison goes by halves of pairs. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (!halfOfPair.test(a) && !halfOfPair.test(b)) return a < b ? -1 : 1;
  const at = firstDifference(a, b);
  if (at === Math.min(a.length, b.length)) return a.length - b.length;
  return codeRank(a.charCodeAt(at)) - codeRank(b.charCodeAt(at));
}

/** Where two texts part; the length of the shorter one when it begins the other. */
export function firstDifference(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) if (a.charCodeAt(at) !== b.charCodeAt(at)) return at;
  return shared;
}

/** Halves of pairs stand for code points above all others. */
const codeRank = (unit: number): number =>
  unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;

export const wholeNumber = (value: bigint): bigint => BigInt.asIntN(64, value);

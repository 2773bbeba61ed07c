import type { BigFloat } from "./big-float.ts";

/** A value of the language. `tuple` and `object` come from literals; `list`, `set` and `map` hold items of one type. */
export type Value =
  | { readonly type: "null" }
  | { readonly type: "string"; readonly text: string }
  | { readonly type: "bool"; readonly is: boolean }
  | { readonly type: "number"; readonly number: BigFloat }
  | { readonly type: "list" | "tuple" | "set"; readonly items: readonly Value[] }
  | { readonly type: "map" | "object"; readonly entries: ReadonlyMap<string, Value> };

export type TypeSpec =
  | { readonly kind: "string" | "number" | "bool" }
  | { readonly kind: "list" | "set" | "map"; readonly of: TypeSpec }
  | { readonly kind: "tuple"; readonly items: readonly TypeSpec[] }
  | { readonly kind: "object"; readonly attributes: ReadonlyMap<string, TypeSpec> }
  | { readonly kind: "any" };

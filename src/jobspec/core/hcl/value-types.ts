import type { BigFloat } from "./big-float.ts";

/**
 * A value of the language. `tuple` and `object` come from literals and have a type for every part; `list`, `set` and
 * `map` hold items of one type, which is known also where there is no item. Of null it is known which type it lacks a
 * value of: `any` where it stands by itself.
 */
export type Value =
  | { readonly type: "null"; readonly of: TypeSpec }
  | { readonly type: "string"; readonly text: string }
  | { readonly type: "bool"; readonly is: boolean }
  | { readonly type: "number"; readonly number: BigFloat }
  | { readonly type: "tuple"; readonly items: readonly Value[] }
  | { readonly type: "list" | "set"; readonly items: readonly Value[]; readonly of: TypeSpec }
  | { readonly type: "object"; readonly entries: ReadonlyMap<string, Value> }
  | {
      readonly type: "map";
      readonly entries: ReadonlyMap<string, Value>;
      readonly of: TypeSpec;
    };

export type TypeSpec =
  | { readonly kind: "string" | "number" | "bool" }
  | { readonly kind: "list" | "set" | "map"; readonly of: TypeSpec }
  | { readonly kind: "tuple"; readonly items: readonly TypeSpec[] }
  | { readonly kind: "object"; readonly attributes: ReadonlyMap<string, TypeSpec> }
  | { readonly kind: "any" };

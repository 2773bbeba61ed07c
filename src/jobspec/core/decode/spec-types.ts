import type { Json } from "../../../lib/json.ts";
import type { Block, Expression } from "../hcl/ast-types.ts";
import type { Scope } from "../hcl/scope-types.ts";
import type { Faults } from "../hcl/source.ts";
import type { Places } from "./places.ts";

/**
 * What a block may hold. Arguments are written `Key:type`, with a mark behind: none = a plain field that is there
 * with its zero value when not written and refuses null, `?` = absent when not written or null, `!` = required.
 * Keys that begin with `$` are for `finish`, which takes them away.
 */
export interface BlockSpec {
  /** The output key of every label; `-` for one that `finish` does not need. */
  readonly labels?: readonly string[];
  readonly arguments: Readonly<Record<string, string>>;
  readonly blocks?: Readonly<Record<string, ChildSpec>>;
  /** In the JSON form, how text of arguments becomes an expression; templates where nothing is said. */
  readonly inJson?: Reading | Readonly<Record<string, Reading>>;
  readonly finish?: (value: DecodedBlock, context: FinishContext) => DecodedBlock;
}
/** As a template, as it is, or as an expression written in quotes. */
export type Reading = "template" | "verbatim" | "expression";
export type DecodedBlock = { [key: string]: Json };

export interface FinishContext {
  readonly block: Block;
  readonly faults: Faults;
  /** The expression of an argument, when it is written. */
  readonly expression: (name: string) => Expression | undefined;
  /** Present where places are kept: what is made anew out of a block within has to be told. */
  readonly places?: Places;
}
export type ChildSpec =
  | { readonly kind: "once" | "list" | "map"; readonly key: string; readonly spec: BlockSpec }
  /** Arguments of any name with one type of value. */
  | { readonly kind: "open"; readonly key: string; readonly type: "string" | "strings" }
  /** Anything at all, for plugins to make sense of. */
  | { readonly kind: "free"; readonly key: string };

/** A block that stands around another; the top of the file has no name. */
export interface Enclosing {
  readonly name: string | undefined;
  readonly spec: BlockSpec;
}

export interface DecodeContext {
  readonly scope: Scope;
  readonly faults: Faults;
  /** From the top of the file to the block that is decoded. */
  readonly path: readonly Enclosing[];
  /** Present where somebody wants to know where the decoded parts are written. */
  readonly places?: Places;
}

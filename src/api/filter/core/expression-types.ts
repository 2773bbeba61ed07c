/** A parsed filter. Paths are field names from the outside in. */
export type Expression =
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "not"; readonly of: Expression }
  | {
      readonly kind: "every" | "some";
      readonly path: Path;
      /** Names for what is looked at: one or two, `_` for none. */
      readonly names: readonly string[];
      readonly of: Expression;
    }
  | { readonly kind: "match"; readonly match: Match };

export type Path = readonly string[];
export interface Match {
  readonly path: Path;
  readonly operator: Operator;
  /** Empty for operators without a value. */
  readonly value: string;
  /** The compiled pattern of `matches` and `not matches`. */
  readonly pattern?: Pattern;
}
export type Operator =
  | "equal"
  | "not equal"
  | "in"
  | "not in"
  | "empty"
  | "not empty"
  | "nil"
  | "not nil"
  | "matches"
  | "not matches";
export type Pattern = (text: string) => boolean;
/** Handed in: patterns of users run with a library, and in linear time. Throws on a pattern that is none. */
export type CompilePattern = (pattern: string) => Pattern;

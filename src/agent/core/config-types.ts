/**
 * What the table of configuration keys is made of. `acted: false` is carried but not acted on yet: setting such a
 * key gives a warning that names it.
 */
export type ConfigKind = "string" | "int" | "float" | "bool" | "duration" | "list" | "map" | "any";
export interface ConfigLeaf {
  readonly kind: ConfigKind;
  readonly fallback?: string | number | boolean;
  readonly acted: boolean;
  /** How a later file changes a list: the facts name which are appended. */
  readonly append?: boolean;
  /** A plain bool can only turn on in a later file; a tri-state one can be undone. */
  readonly triState?: boolean;
}
export interface ConfigBlock {
  readonly kind: "block";
  readonly fields: ConfigFields;
  /** `plugin "docker" { .. }`: merged by name. */
  readonly labeled: boolean;
  readonly acted: boolean;
}
export interface ConfigFields {
  readonly [key: string]: ConfigLeaf | ConfigBlock;
}

/** An expression as a test makes it: what is meant, and not how it is spelled. */
export type Tree =
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "bool"; readonly is: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "template"; readonly shape: TemplateShape; readonly parts: readonly Part[] }
  | { readonly kind: "unary"; readonly operator: "!" | "-"; readonly inner: Tree }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Tree;
      readonly right: Tree;
    }
  | { readonly kind: "conditional"; readonly test: Tree; readonly yes: Tree; readonly no: Tree }
  | { readonly kind: "tuple"; readonly items: readonly Tree[] }
  | { readonly kind: "object"; readonly items: readonly (readonly [Key, Tree])[] }
  | ForTree
  | { readonly kind: "step"; readonly base: Tree; readonly step: TreeStep }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Tree[];
      readonly isExpanded: boolean;
    }
  | { readonly kind: "type"; readonly text: string };

export interface ForTree {
  readonly kind: "for";
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Tree;
  /** Only in a `for` between braces. */
  readonly key: Tree | undefined;
  readonly value: Tree;
  readonly condition: Tree | undefined;
  readonly isGrouped: boolean;
}
export type TemplateShape = "quoted" | "heredoc" | "indented";
export type Key =
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "computed"; readonly tree: Tree };
export type TreeStep =
  | { readonly kind: "attribute"; readonly name: string }
  | { readonly kind: "index"; readonly key: Tree }
  | { readonly kind: "legacy"; readonly index: number }
  | { readonly kind: "splat"; readonly isFull: boolean; readonly steps: readonly TreeStep[] };
/** Whether the blanks before and behind a mark are cut. */
export type Strip = readonly [left: boolean, right: boolean];
export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly inner: Tree; readonly strip: Strip }
  | {
      readonly kind: "if";
      readonly test: Tree;
      readonly yes: readonly Part[];
      readonly no: readonly Part[] | undefined;
      /** Of `if`, `else` and `endif`. */
      readonly strips: readonly [Strip, Strip, Strip];
    }
  | {
      readonly kind: "for";
      readonly keyName: string | undefined;
      readonly valueName: string;
      readonly collection: Tree;
      readonly body: readonly Part[];
      /** Of `for` and `endfor`. */
      readonly strips: readonly [Strip, Strip];
    };

/** From the loosest to the tightest. */
export const precedence = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
] as const;
export type BinaryOperator = (typeof precedence)[number][number];
export const levelOf = (operator: BinaryOperator): number =>
  precedence.findIndex((level) => (level as readonly string[]).includes(operator));

export const text = (...parts: readonly (string | Tree)[]): Tree => ({
  kind: "template",
  shape: "quoted",
  parts: parts.map((part): Part =>
    typeof part === "string"
      ? { kind: "text", text: part }
      : { kind: "value", inner: part, strip: [false, false] },
  ),
});
export const number = (value: number): Tree =>
  value < 0
    ? { kind: "unary", operator: "-", inner: number(-value) }
    : { kind: "number", text: String(value) };
export const binary = (operator: BinaryOperator, left: Tree, right: Tree): Tree => ({
  kind: "binary",
  operator,
  left,
  right,
});
export const call = (name: string, ...args: readonly Tree[]): Tree => ({
  kind: "call",
  name,
  args,
  isExpanded: false,
});
export const named = (name: string): Tree => ({ kind: "name", name });
export const stepped = (base: Tree, ...steps: readonly TreeStep[]): Tree =>
  steps.reduce((inner: Tree, step): Tree => ({ kind: "step", base: inner, step }), base);

import type { Range } from "./source.ts";
import type { Value } from "./value-types.ts";

/** The tree of one text. Chains of operators and accesses are flat lists, so that depth is bounded by the parser's cap. */
export type Expression =
  | { readonly kind: "literal"; readonly value: Value; readonly range: Range }
  | { readonly kind: "template"; readonly parts: readonly TemplatePart[]; readonly range: Range }
  | { readonly kind: "wrap"; readonly inner: Expression; readonly range: Range }
  | { readonly kind: "name"; readonly name: string; readonly range: Range }
  | {
      readonly kind: "access";
      readonly base: Expression;
      readonly steps: readonly Step[];
      readonly range: Range;
    }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly nameRange: Range;
      readonly args: readonly Expression[];
      readonly isExpanded: boolean;
      readonly closeRange: Range;
      readonly range: Range;
    }
  | {
      readonly kind: "conditional";
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
      readonly range: Range;
    }
  | {
      readonly kind: "chain";
      readonly first: Expression;
      readonly rest: readonly { readonly operator: Operator; readonly right: Expression }[];
      readonly range: Range;
    }
  | {
      readonly kind: "unary";
      readonly operator: "!" | "-";
      readonly inner: Expression;
      readonly range: Range;
    }
  | { readonly kind: "tuple"; readonly items: readonly Expression[]; readonly range: Range }
  | { readonly kind: "object"; readonly items: readonly ObjectItem[]; readonly range: Range }
  | ForExpression
  | { readonly kind: "parens"; readonly inner: Expression; readonly range: Range };

export interface ForExpression {
  readonly kind: "for";
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
  readonly key: Expression | undefined;
  readonly value: Expression;
  readonly condition: Expression | undefined;
  readonly isGrouped: boolean;
  readonly range: Range;
}
export type Operator =
  | "||"
  | "&&"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";
export interface ObjectItem {
  readonly key: Expression;
  readonly value: Expression;
}
export type Step =
  | { readonly kind: "attribute"; readonly name: string; readonly range: Range }
  | { readonly kind: "index"; readonly key: Expression; readonly range: Range }
  | { readonly kind: "splat"; readonly steps: readonly Step[]; readonly range: Range };
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string; readonly range: Range }
  | { readonly kind: "value"; readonly inner: Expression; readonly range: Range }
  | {
      readonly kind: "if";
      readonly test: Expression;
      readonly yes: readonly TemplatePart[];
      readonly no: readonly TemplatePart[];
      readonly range: Range;
    }
  | {
      readonly kind: "for";
      readonly keyName: string | undefined;
      readonly valueName: string;
      readonly collection: Expression;
      readonly body: readonly TemplatePart[];
      readonly range: Range;
    };

export interface Attribute {
  readonly kind: "attribute";
  readonly name: string;
  readonly nameRange: Range;
  readonly value: Expression;
}
export interface Label {
  readonly text: string;
  readonly range: Range;
}
export interface Block {
  readonly kind: "block";
  readonly name: string;
  readonly nameRange: Range;
  readonly labels: readonly Label[];
  readonly braceRange: Range;
  readonly body: Body;
}
export interface Body {
  readonly items: readonly (Attribute | Block)[];
  readonly range: Range;
}

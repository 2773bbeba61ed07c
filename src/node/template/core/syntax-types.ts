import type { Value } from "./value.ts";

/** A place in the text where faults of this piece point to. */
interface Placed {
  readonly at: number;
}

export type Statement =
  | TextStatement
  | ActionStatement
  | BranchStatement
  | RangeStatement
  | InvokeStatement
  | (Placed & { readonly kind: "break" })
  | (Placed & { readonly kind: "continue" });

export interface TextStatement extends Placed {
  readonly kind: "text";
  readonly text: string;
}
export interface ActionStatement extends Placed {
  readonly kind: "action";
  readonly pipe: Pipe;
}
export interface BranchStatement extends Placed {
  readonly kind: "if" | "with";
  readonly pipe: Pipe;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}
export interface RangeStatement extends Placed {
  readonly kind: "range";
  readonly pipe: Pipe;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}
export interface InvokeStatement extends Placed {
  readonly kind: "template";
  readonly name: string;
  readonly pipe: Pipe | undefined;
}

export interface Pipe extends Placed {
  /** The places of the variables that it sets, from left to right. */
  readonly slots: readonly number[];
  readonly commands: readonly Command[];
}
/** A first word with its arguments. */
export interface Command extends Placed {
  readonly words: readonly [Operand, ...Operand[]];
}

export type Operand =
  | (Placed & { readonly kind: "dot" })
  | (Placed & { readonly kind: "nil" })
  | (Placed & { readonly kind: "literal"; readonly value: Value })
  | (Placed & { readonly kind: "field"; readonly names: readonly string[] })
  | VariableOperand
  | (Placed & { readonly kind: "function"; readonly name: string })
  | (Placed & { readonly kind: "pipe"; readonly pipe: Pipe })
  | ChainOperand;

export interface VariableOperand extends Placed {
  readonly kind: "variable";
  readonly slot: number;
  readonly names: readonly string[];
}
/** Fields of what an expression in parentheses or a function answers. */
export interface ChainOperand extends Placed {
  readonly kind: "chain";
  readonly base: Operand;
  readonly names: readonly string[];
}

export interface ParsedTemplate {
  readonly text: string;
  readonly body: readonly Statement[];
  readonly definitions: ReadonlyMap<string, readonly Statement[]>;
}

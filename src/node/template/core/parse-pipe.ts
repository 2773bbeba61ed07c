import { assertNever } from "../../../lib/errors.ts";
import { PlacedFault } from "./faults.ts";
import type { Token } from "./lex.ts";
import { readCharacter, readNumber, unquote } from "./literals.ts";
import type { Scope } from "./scope.ts";
import type { Command, Operand, Pipe } from "./syntax-types.ts";
import { unexpected } from "./token-reader.ts";
import type { TokenReader } from "./token-reader.ts";

/** Why a function cannot be called here; undefined when it can. */
export type RefuseFunction = (name: string) => string | undefined;

const deepestNesting = 100;
const mostVariables = 1_000;

/** Reads expressions: pipelines of commands of operands. */
export class PipeReader {
  readonly #tokens: TokenReader;
  readonly #scope: Scope;
  readonly #refuse: RefuseFunction;
  #depth = 0;

  constructor(tokens: TokenReader, scope: Scope, refuse: RefuseFunction) {
    this.#tokens = tokens;
    this.#scope = scope;
    this.#refuse = refuse;
  }

  /** A pipeline with its end: a right delimiter, or the parenthesis that it stands in. */
  read(context: string, end: "close" | "parenthesis"): Pipe {
    const at = this.#tokens.peekWord().at;
    const { slots, declared } = this.#declarations(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#tokens.peekWord();
      if (token.kind === "close" || isSymbol(token, ")")) {
        this.#tokens.take();
        if ((token.kind === "close") !== (end === "close")) throw unexpected(token, context);
        checkPipe(commands, at, context);
        // A variable is not seen by the pipeline that gives it its value.
        return {
          at,
          slots: [...slots, ...declared.map((name) => this.#scope.declare(name))],
          commands,
        };
      }
      commands.push(this.#command());
    }
  }

  /** `$a :=`, `$a =`, and for loops `$a, $b :=`. */
  #declarations(context: string): { slots: readonly number[]; declared: readonly string[] } {
    const first = this.#tokens.peekWord();
    const none = { slots: [], declared: [] };
    if (first.kind !== "variable") return none;
    const isPair = this.#tokens.isFollowedBy("symbol", ",");
    if (
      !isPair &&
      !this.#tokens.isFollowedBy("symbol", ":=") &&
      !this.#tokens.isFollowedBy("symbol", "=")
    )
      return none;
    const variables = [this.#tokens.take()];
    if (isPair) {
      this.#tokens.takeWord();
      const second = this.#tokens.takeWord();
      if (second.kind !== "variable") throw unexpected(second, "range");
      if (context !== "range")
        throw new PlacedFault(`too many declarations in ${context}`, second.at);
      variables.push(second);
    }
    const sign = this.#tokens.takeWord();
    if (isSymbol(sign, "="))
      return { slots: variables.map((name) => this.#find(name)), declared: [] };
    if (!isSymbol(sign, ":=")) throw unexpected(sign, context);
    if (this.#scope.mark + variables.length > mostVariables)
      throw new PlacedFault(`more than ${mostVariables} variables`, first.at);
    return { slots: [], declared: variables.map(({ text }) => text) };
  }

  #command(): Command {
    const at = this.#tokens.peekWord().at;
    const words: Operand[] = [];
    for (;;) {
      this.#tokens.skipSpace();
      const operand = this.#operand();
      if (operand !== undefined) words.push(operand);
      const token = this.#tokens.peek();
      if (token.kind === "space") this.#tokens.take();
      else if (token.kind === "close" || isSymbol(token, ")")) break;
      else if (isSymbol(token, "|")) {
        this.#tokens.take();
        break;
      } else throw unexpected(token, "operand");
    }
    const [first, ...rest] = words;
    if (first === undefined) throw new PlacedFault("empty command", at);
    return { at, words: [first, ...rest] };
  }

  /** A term and the fields behind it. */
  #operand(): Operand | undefined {
    const base = this.#term();
    if (base === undefined || !this.#tokens.isAt("field")) return base;
    const names: string[] = [];
    while (this.#tokens.isAt("field")) names.push(this.#tokens.take().text.slice(1));
    switch (base.kind) {
      case "field":
      case "variable":
        return { ...base, names: [...base.names, ...names] };
      case "literal":
      case "nil":
      case "dot":
        throw new PlacedFault(`unexpected . after term ${base.kind}`, base.at);
      case "function":
      case "pipe":
      case "chain":
        return { kind: "chain", at: base.at, base, names };
      default:
        return assertNever(base);
    }
  }

  #term(): Operand | undefined {
    const token = this.#tokens.peek();
    const { kind, at, text } = token;
    switch (kind) {
      case "word":
        return this.#word(this.#tokens.take());
      case "dot":
        this.#tokens.take();
        return { kind: "dot", at };
      case "field":
        this.#tokens.take();
        return { kind: "field", at, names: [text.slice(1)] };
      case "variable":
        this.#tokens.take();
        return { kind: "variable", at, slot: this.#find(token), names: [] };
      case "number":
        this.#tokens.take();
        return { kind: "literal", at, value: readNumber(token) };
      case "character":
        this.#tokens.take();
        return { kind: "literal", at, value: readCharacter(token) };
      case "string":
        this.#tokens.take();
        return { kind: "literal", at, value: unquote(token, '"') };
      case "raw":
        this.#tokens.take();
        return { kind: "literal", at, value: text.replaceAll("\r", "") };
      case "symbol":
        return text === "(" ? this.#parenthesized() : undefined;
      case "text":
      case "open":
      case "close":
      case "space":
      case "end":
        return undefined;
      default:
        return assertNever(kind);
    }
  }

  #word({ text, at }: Token): Operand {
    if (text === "true" || text === "false") return { kind: "literal", at, value: text === "true" };
    if (text === "nil") return { kind: "nil", at };
    const refusal = this.#refuse(text);
    if (refusal !== undefined) throw new PlacedFault(refusal, at);
    return { kind: "function", at, name: text };
  }

  #parenthesized(): Operand {
    const { at } = this.#tokens.take();
    if (++this.#depth > deepestNesting)
      throw new PlacedFault(`more than ${deepestNesting} parentheses within one another`, at);
    const pipe = this.read("parenthesized pipeline", "parenthesis");
    this.#depth--;
    return { kind: "pipe", at, pipe };
  }

  #find({ text, at }: Token): number {
    const slot = this.#scope.find(text);
    if (slot === undefined) throw new PlacedFault(`undefined variable ${JSON.stringify(text)}`, at);
    return slot;
  }
}

const isSymbol = (token: Token, text: string): boolean =>
  token.kind === "symbol" && token.text === text;

function checkPipe(commands: readonly Command[], at: number, context: string): void {
  if (commands.length === 0) throw new PlacedFault(`missing value for ${context}`, at);
  for (const [stage, { words }] of commands.entries()) {
    const { kind } = words[0];
    if (stage > 0 && (kind === "literal" || kind === "dot" || kind === "nil"))
      throw new PlacedFault(`non executable command in pipeline stage ${stage + 1}`, words[0].at);
  }
}

import { PlacedFault } from "./faults.ts";
import type { Token, TokenKind } from "./lex.ts";

/** Walks along tokens; whoever reads never has to think about the end. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #next = 0;

  constructor(tokens: readonly Token[], textLength: number) {
    this.#tokens = tokens;
    this.#end = { kind: "end", text: "", at: textLength };
  }

  peek(): Token {
    return this.#tokens[this.#next] ?? this.#end;
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  skipSpace(): void {
    while (this.peek().kind === "space") this.#next++;
  }

  /** The next token that is no space. */
  peekWord(): Token {
    this.skipSpace();
    return this.peek();
  }

  takeWord(): Token {
    this.skipSpace();
    return this.take();
  }

  isAt(kind: TokenKind, text?: string): boolean {
    const token = this.peek();
    return token.kind === kind && (text === undefined || token.text === text);
  }

  /** Ends an action. */
  close(context: string): void {
    const token = this.takeWord();
    if (token.kind !== "close") throw unexpected(token, context);
  }

  /** What comes after so many words, without moving. */
  isFollowedBy(kind: TokenKind, text: string): boolean {
    let at = this.#next + 1;
    while (this.#tokens[at]?.kind === "space") at++;
    const token = this.#tokens[at];
    return token?.kind === kind && token.text === text;
  }
}

export function unexpected(token: Token, context: string): PlacedFault {
  const shown =
    token.kind === "end"
      ? "end of text"
      : token.kind === "close"
        ? "end of action"
        : JSON.stringify(token.text);
  return new PlacedFault(`unexpected ${shown} in ${context}`, token.at);
}

import { countToken, tokensOfNumber } from "./limits.ts";
import { tokenAt } from "./lexer.ts";
import type { Token } from "./lexer.ts";
import { FinalFault } from "./source.ts";
import type { Range, Source } from "./source.ts";

/** Deeper nesting than this is refused, so that no text can exhaust the stack. */
const deepest = 200;

/** A place in a text that moves forward token by token. Templates move it character by character. */
export class Cursor {
  readonly source: Source;
  #offset: number;
  #lastEnd = 0;
  #depth = 0;
  #newlinesMatter = true;
  #peeked: Token | undefined;

  constructor(source: Source, offset = 0) {
    this.source = source;
    this.#offset = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Where the last token taken ended. */
  get lastEnd(): number {
    return this.#lastEnd;
  }

  peek(): Token {
    if (this.#peeked) return this.#peeked;
    let token = tokenAt(this.source, this.#offset);
    while (!this.#newlinesMatter && token.kind === "newline")
      token = tokenAt(this.source, token.end);
    this.#peeked = token;
    return token;
  }

  next(): Token {
    const token = this.peek();
    const weight = token.kind === "number" ? tokensOfNumber(token.text) : 1;
    countToken(this.source, token.start, weight);
    this.moveTo(token.end);
    return token;
  }

  moveTo(offset: number): void {
    this.#offset = offset;
    this.#lastEnd = offset;
    this.#peeked = undefined;
  }

  /** Whether the next token is this sign or keyword. */
  sees(text: string): boolean {
    const token = this.peek();
    return (token.kind === "sign" || token.kind === "name") && token.text === text;
  }

  takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.next();
    return true;
  }

  skipNewlines(): void {
    while (this.peek().kind === "newline") this.next();
  }

  /** Reads something nested, with newlines as separators or as blanks. */
  nested<T>(newlinesMatter: boolean, read: () => T): T {
    const before = this.#newlinesMatter;
    this.#depth += 1;
    if (this.#depth > deepest)
      throw new FinalFault(
        this.rangeOf(this.peek()),
        "Nested too deeply",
        `More than ${deepest} levels of nesting are not read.`,
      );
    this.#newlinesMatter = newlinesMatter;
    this.#peeked = undefined;
    try {
      return read();
    } finally {
      this.#newlinesMatter = before;
      this.#peeked = undefined;
      this.#depth -= 1;
    }
  }

  deeper<T>(read: () => T): T {
    return this.nested(this.#newlinesMatter, read);
  }

  rangeFrom(start: number): Range {
    return { source: this.source, start, end: Math.max(start, this.#lastEnd) };
  }

  rangeOf(token: Token): Range {
    return { source: this.source, start: token.start, end: token.end };
  }
}

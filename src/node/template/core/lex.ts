import { PlacedFault } from "./faults.ts";

export type TokenKind =
  | "text"
  | "open"
  | "close"
  | "space"
  | "word"
  | "field"
  | "variable"
  | "dot"
  | "number"
  | "string"
  | "raw"
  | "character"
  | "symbol"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}

export interface Delimiters {
  readonly left: string;
  readonly right: string;
}

const spaces = " \t\r\n";
const alphanumeric = /[\p{L}\p{Nd}_]/u;
const name = /[\p{L}\p{Nd}_]*/uy;
const numberWord = /[+-]?(?:[0-9.])(?:[eEpP][+-]|[0-9A-Za-z_.])*/y;

/** Splits a text into literal parts and the words of its actions. */
export function lexTemplate(
  text: string,
  delimiters: Delimiters,
  mostWords: number,
): readonly Token[] {
  return new Lexer(text, delimiters, mostWords).run();
}

class Lexer {
  readonly #text: string;
  readonly #left: string;
  readonly #right: string;
  readonly #tokens: Token[] = [];
  readonly #mostWords: number;
  #at = 0;
  #parentheses = 0;

  constructor(text: string, { left, right }: Delimiters, mostWords: number) {
    this.#text = text;
    this.#mostWords = mostWords;
    this.#left = left === "" ? "{{" : left;
    this.#right = right === "" ? "}}" : right;
  }

  run(): readonly Token[] {
    let trimsStart = false;
    for (;;) {
      const open = this.#text.indexOf(this.#left, this.#at);
      const end = open < 0 ? this.#text.length : open;
      const trimsEnd = open >= 0 && this.#trimsBefore(open + this.#left.length);
      this.#literal(this.#at, end, { trimsStart, trimsEnd });
      if (open < 0) break;
      this.#at = open + this.#left.length + (trimsEnd ? 2 : 0);
      trimsStart = this.#text.startsWith("/*", this.#at) ? this.#comment() : this.#action(open);
    }
    this.#push("end", "", this.#text.length);
    return this.#tokens;
  }

  #literal(
    from: number,
    to: number,
    trims: { readonly trimsStart: boolean; readonly trimsEnd: boolean },
  ): void {
    let [start, end] = [from, to];
    if (trims.trimsStart) while (start < end && this.#isSpace(start)) start++;
    if (trims.trimsEnd) while (end > start && this.#isSpace(end - 1)) end--;
    if (start < end) this.#push("text", this.#text.slice(start, end), start);
  }

  /** Leaves nothing behind; answers whether the text behind it loses its leading space. */
  #comment(): boolean {
    const start = this.#at;
    const end = this.#text.indexOf("*/", start + 2);
    if (end < 0) throw new PlacedFault("unclosed comment", start);
    this.#at = end + 2;
    const closed = this.#closing();
    if (closed === undefined)
      throw new PlacedFault("comment ends before closing delimiter", this.#at);
    this.#at += closed.length;
    return closed.trims;
  }

  /** One action up to and with its right delimiter; answers as `#comment` does. */
  #action(open: number): boolean {
    this.#push("open", this.#left, open);
    this.#parentheses = 0;
    for (;;) {
      const closed = this.#closing();
      if (closed !== undefined) {
        if (this.#parentheses > 0) throw new PlacedFault("unclosed left paren", this.#at);
        this.#push("close", this.#right, this.#at);
        this.#at += closed.length;
        return closed.trims;
      }
      if (this.#at >= this.#text.length) throw new PlacedFault("unclosed action", open);
      this.#word();
    }
  }

  #closing(): { readonly trims: boolean; readonly length: number } | undefined {
    const [text, at] = [this.#text, this.#at];
    const trims = this.#isSpace(at) && text[at + 1] === "-" && text.startsWith(this.#right, at + 2);
    if (trims) return { trims, length: 2 + this.#right.length };
    return text.startsWith(this.#right, at) ? { trims, length: this.#right.length } : undefined;
  }

  #word(): void {
    const [text, at] = [this.#text, this.#at];
    const first = text[at] ?? "";
    if (this.#isSpace(at)) this.#space();
    else if (first === '"' || first === "'") this.#quoted(first);
    else if (first === "`") this.#raw();
    else if (first === ".") this.#dot();
    else if (first === "$") this.#named("variable", 1);
    else if (text.startsWith(":=", at)) this.#symbol(":=");
    else if (first === "(" || first === ")") this.#parenthesis(first);
    else if (first === "|" || first === "=" || first === ",") this.#symbol(first);
    else if (/[+\-0-9]/.test(first)) this.#number();
    else if (alphanumeric.test(this.#character(at))) this.#named("word", 0);
    else if (first === ":") throw new PlacedFault("expected :=", at);
    else
      throw new PlacedFault(
        `unexpected character ${JSON.stringify(this.#character(at))} in action`,
        at,
      );
  }

  #space(): void {
    const start = this.#at;
    while (this.#isSpace(this.#at) && this.#closing() === undefined) this.#at++;
    // A closing delimiter that trims begins with a space of its own.
    if (this.#at > start) this.#push("space", " ", start);
  }

  #quoted(quote: string): void {
    const start = this.#at;
    for (let at = start + 1; at < this.#text.length; at++) {
      const character = this.#text[at];
      if (character === "\\") at++;
      else if (character === "\n") break;
      else if (character === quote) {
        this.#at = at + 1;
        const kind = quote === '"' ? "string" : "character";
        this.#push(kind, this.#text.slice(start, at + 1), start);
        return;
      }
    }
    throw new PlacedFault(
      quote === '"' ? "unterminated quoted string" : "unterminated character constant",
      start,
    );
  }

  #raw(): void {
    const start = this.#at;
    const end = this.#text.indexOf("`", start + 1);
    if (end < 0) throw new PlacedFault("unterminated raw quoted string", start);
    this.#at = end + 1;
    this.#push("raw", this.#text.slice(start + 1, end), start);
  }

  #dot(): void {
    if (/[0-9]/.test(this.#text[this.#at + 1] ?? "")) this.#number();
    else if (this.#isTerminator(this.#at + 1)) {
      this.#push("dot", ".", this.#at);
      this.#at++;
    } else this.#named("field", 1);
  }

  /** A name, behind the one character that says what it names. */
  #named(kind: "word" | "field" | "variable", prefix: number): void {
    const start = this.#at;
    name.lastIndex = start + prefix;
    const end = start + prefix + (name.exec(this.#text)?.[0].length ?? 0);
    if (!this.#isTerminator(end))
      throw new PlacedFault(`bad character ${JSON.stringify(this.#character(end))}`, end);
    this.#at = end;
    this.#push(kind, this.#text.slice(start, end), start);
  }

  #number(): void {
    const start = this.#at;
    numberWord.lastIndex = start;
    const word = numberWord.exec(this.#text)?.[0] ?? this.#text.slice(start, start + 1);
    const end = start + word.length;
    if (!this.#isTerminator(end))
      throw new PlacedFault(
        `bad number syntax: ${JSON.stringify(word + this.#character(end))}`,
        start,
      );
    this.#at = end;
    this.#push("number", word, start);
  }

  #parenthesis(side: string): void {
    this.#parentheses += side === "(" ? 1 : -1;
    if (this.#parentheses < 0) throw new PlacedFault("unexpected right paren", this.#at);
    this.#symbol(side);
  }

  #symbol(text: string): void {
    this.#push("symbol", text, this.#at);
    this.#at += text.length;
  }

  #trimsBefore(at: number): boolean {
    return this.#text[at] === "-" && this.#isSpace(at + 1);
  }

  #isTerminator(at: number): boolean {
    const character = this.#text[at];
    return (
      character === undefined ||
      this.#isSpace(at) ||
      ".,|:)(".includes(character) ||
      this.#text.startsWith(this.#right, at)
    );
  }

  #isSpace(at: number): boolean {
    const character = this.#text[at];
    return character !== undefined && spaces.includes(character);
  }

  /** The whole character at a place, both halves of a pair. */
  #character(at: number): string {
    const code = this.#text.codePointAt(at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  #push(kind: TokenKind, text: string, at: number): void {
    if (this.#tokens.length >= this.#mostWords)
      throw new PlacedFault(`the template has more than ${this.#mostWords} words`, at);
    this.#tokens.push({ kind, text, at });
  }
}

import type { CompilePattern, Expression, Match, Operator, Path } from "./expression-types.ts";
import { FilterError, quote, tokensOf } from "./tokens.ts";
import type { Token } from "./tokens.ts";

/** Deeper nesting than anybody writes; keeps a hostile filter from exhausting the stack. */
const deepest = 100;

/** Text -> expression. `or` binds weaker than `and`, `and` weaker than `not`. Throws FilterError. */
export function parseFilter(source: string, compilePattern: CompilePattern): Expression {
  const parser = new Parser(source, compilePattern);
  const expression = parser.either();
  parser.end();
  return expression;
}

class Parser {
  readonly #source: string;
  readonly #compilePattern: CompilePattern;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(source: string, compilePattern: CompilePattern) {
    this.#source = source;
    this.#compilePattern = compilePattern;
    this.#tokens = tokensOf(source);
  }

  either(): Expression {
    let left = this.#both();
    while (this.#takes("word", "or")) left = { kind: "or", left, right: this.#both() };
    return left;
  }

  end(): void {
    if (this.#here().kind !== "end") throw this.#unexpected();
  }

  #both(): Expression {
    let left = this.#unary();
    while (this.#takes("word", "and")) left = { kind: "and", left, right: this.#unary() };
    return left;
  }

  #unary(): Expression {
    if (++this.#depth > deepest)
      throw new FilterError(this.#source, this.#here().at, "expression is nested too deeply");
    try {
      if (this.#takes("word", "not")) return { kind: "not", of: this.#unary() };
      if (this.#takes("mark", "(")) {
        const inner = this.either();
        this.#need("mark", ")");
        return inner;
      }
      return this.#collection() ?? { kind: "match", match: this.#match() };
    } finally {
      this.#depth--;
    }
  }

  /** `any Tags as tag { tag == "x" }`, `all Meta as name, value { .. }`. */
  #collection(): Expression | undefined {
    const first = this.#here();
    const next = this.#tokens[this.#at + 1];
    if (first.kind !== "word" || (first.text !== "any" && first.text !== "all")) return undefined;
    if (next?.kind !== "word" || isOperatorWord(next.text)) return undefined;
    this.#at++;
    const path = this.#path();
    this.#need("word", "as");
    const names = [this.#needWord()];
    if (this.#takes("mark", ",")) names.push(this.#needWord());
    this.#need("mark", "{");
    const of = this.either();
    this.#need("mark", "}");
    return { kind: first.text === "any" ? "some" : "every", path, names, of };
  }

  #match(): Match {
    const first = this.#here();
    if (first.kind === "number" || (first.kind === "text" && !this.#isPointer(first))) {
      this.#at++;
      return this.#within(first.text);
    }
    const path = first.kind === "text" ? this.#pointer() : this.#path();
    if (this.#isIn()) return this.#within(path.join("."));
    return this.#compare(path);
  }

  /** A text names a field when it begins with a slash and is not looked for in another field. */
  #isPointer(token: Token): boolean {
    const next = this.#tokens[this.#at + 1];
    const after = this.#tokens[this.#at + 2];
    const isIn = next?.text === "in" || (next?.text === "not" && after?.text === "in");
    return token.text.startsWith("/") && !isIn;
  }

  #pointer(): Path {
    const { text } = this.#here();
    this.#at++;
    return text
      .slice(1)
      .split("/")
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  }

  #isIn(): boolean {
    const next = this.#tokens[this.#at + 1];
    const here = this.#here();
    return (
      here.kind === "word" && (here.text === "in" || (here.text === "not" && next?.text === "in"))
    );
  }

  #within(value: string): Match {
    const isNot = this.#takes("word", "not");
    this.#need("word", "in");
    const here = this.#here();
    const path = here.kind === "text" && here.text.startsWith("/") ? this.#pointer() : this.#path();
    return { path, operator: isNot ? "not in" : "in", value };
  }

  #compare(path: Path): Match {
    if (this.#takes("mark", "==")) return { path, operator: "equal", value: this.#value() };
    if (this.#takes("mark", "!=")) return { path, operator: "not equal", value: this.#value() };
    if (this.#takes("word", "is")) return { path, operator: this.#state(), value: "" };
    const isNot = this.#takes("word", "not");
    if (this.#takes("word", "contains"))
      return { path, operator: isNot ? "not in" : "in", value: this.#value() };
    this.#need("word", "matches");
    const { at } = this.#here();
    const value = this.#value();
    const operator = isNot ? "not matches" : "matches";
    return { path, operator, value, pattern: this.#compile(value, at) };
  }

  #compile(value: string, at: number) {
    try {
      return this.#compilePattern(value);
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw new FilterError(this.#source, at, `failed to compile regular expression: ${why}`);
    }
  }

  #state(): Operator {
    const isNot = this.#takes("word", "not");
    if (this.#takes("word", "empty")) return isNot ? "not empty" : "empty";
    this.#need("word", "nil");
    return isNot ? "not nil" : "nil";
  }

  #value(): string {
    const here = this.#here();
    if (here.kind === "word") return this.#path().join(".");
    if (here.kind !== "text" && here.kind !== "number") throw this.#unexpected();
    this.#at++;
    return here.text;
  }

  #path(): Path {
    const path = [this.#needWord()];
    for (;;) {
      if (this.#takes("mark", ".")) path.push(this.#part());
      else if (this.#takes("mark", "[")) {
        const here = this.#here();
        if (here.kind !== "text") throw this.#unexpected();
        path.push(here.text);
        this.#at++;
        this.#need("mark", "]");
      } else return path;
    }
  }

  #part(): string {
    const here = this.#here();
    if (here.kind !== "word" && here.kind !== "number") throw this.#unexpected();
    this.#at++;
    return here.text;
  }

  #here(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "", at: this.#source.length };
  }

  #takes(kind: Token["kind"], text: string): boolean {
    const here = this.#here();
    if (here.kind !== kind || here.text !== text) return false;
    this.#at++;
    return true;
  }

  #need(kind: Token["kind"], text: string): void {
    if (!this.#takes(kind, text)) throw this.#unexpected(quote(text));
  }

  #needWord(): string {
    const here = this.#here();
    if (here.kind !== "word") throw this.#unexpected("a name");
    this.#at++;
    return here.text;
  }

  #unexpected(wanted?: string): FilterError {
    const here = this.#here();
    const got = here.kind === "end" ? "EOF" : quote(here.text);
    const expected = wanted === undefined ? "" : `, expected: ${wanted}`;
    return new FilterError(this.#source, here.at, `no match found at ${got}${expected}`);
  }
}

const isOperatorWord = (word: string): boolean =>
  ["is", "not", "contains", "matches", "in"].includes(word);

export interface JsonFault {
  readonly text: string;
  /** Both from 1; the column counts UTF-16 units, as editors do. */
  readonly line: number;
  readonly column: number;
}

/** Says what is wrong with a text that JSON.parse refused, in the words that this wire's clients know, and where. */
export function locateJsonFault(text: string): JsonFault {
  const scan = new Scan(text);
  scan.blank();
  const fault = scan.done() ? "EOF" : (scan.value() ?? scan.end() ?? "invalid JSON");
  const before = text.slice(0, scan.place()).split("\n");
  return { text: fault, line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

export const jsonFault = (text: string): string => locateJsonFault(text).text;

const cut = "unexpected EOF";
const tooDeep = "exceeded max depth";
/** The grammar calls itself; a body of brackets must not exhaust the stack. */
const deepest = 1000;

/** One method per state of the grammar; each answers the first fault or undefined. */
class Scan {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  place(): number {
    return this.#at;
  }

  done(): boolean {
    return this.#at >= this.#text.length;
  }

  blank(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  end(): string | undefined {
    this.blank();
    return this.done() ? undefined : this.#unexpected("after top-level value");
  }

  value(): string | undefined {
    this.blank();
    const first = this.#text[this.#at];
    if (first === undefined) return cut;
    if (first === "{" || first === "[") {
      if (this.#depth === deepest) return tooDeep;
      this.#depth++;
      const fault = first === "{" ? this.#object() : this.#array();
      this.#depth--;
      return fault;
    }
    if (first === '"') return this.#string();
    for (const word of ["true", "false", "null"]) if (first === word[0]) return this.#word(word);
    return /[-0-9]/.test(first)
      ? this.#number()
      : this.#unexpected("looking for beginning of value");
  }

  #object(): string | undefined {
    this.#at++;
    for (let first = true; ; first = false) {
      this.blank();
      if (this.done()) return cut;
      if (first && this.#text[this.#at] === "}") return this.#skip();
      if (this.#text[this.#at] !== '"')
        return this.#unexpected("looking for beginning of object key string");
      const key = this.#string();
      if (key !== undefined) return key;
      this.blank();
      if (this.done()) return cut;
      if (this.#text[this.#at] !== ":") return this.#unexpected("after object key");
      this.#at++;
      const value = this.value();
      if (value !== undefined) return value;
      this.blank();
      if (this.done()) return cut;
      if (this.#text[this.#at] === "}") return this.#skip();
      if (this.#text[this.#at] !== ",") return this.#unexpected("after object key:value pair");
      this.#at++;
    }
  }

  #array(): string | undefined {
    this.#at++;
    this.blank();
    if (this.#text[this.#at] === "]") return this.#skip();
    for (;;) {
      const value = this.value();
      if (value !== undefined) return value;
      this.blank();
      if (this.done()) return cut;
      if (this.#text[this.#at] === "]") return this.#skip();
      if (this.#text[this.#at] !== ",") return this.#unexpected("after array element");
      this.#at++;
    }
  }

  #string(): string | undefined {
    for (this.#at++; !this.done(); this.#at++) {
      const char = this.#text[this.#at] ?? "";
      if (char === '"') return this.#skip();
      if (char < " ") return this.#unexpected("in string literal");
      if (char !== "\\") continue;
      this.#at++;
      if (this.done()) return cut;
      if (!/["\\/bfnrtu]/.test(this.#text[this.#at] ?? ""))
        return this.#unexpected("in string escape code");
    }
    return cut;
  }

  #word(word: string): string | undefined {
    for (const letter of word) {
      if (this.done()) return cut;
      if (this.#text[this.#at] !== letter)
        return this.#unexpected(`in literal ${word} (expecting ${quoted(letter)})`);
      this.#at++;
    }
    return undefined;
  }

  #number(): string | undefined {
    const found = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    found.lastIndex = this.#at;
    const match = found.exec(this.#text);
    this.#at += match?.[0].length ?? 1;
    if (match) return undefined;
    return this.done() ? cut : this.#unexpected("in numeric literal");
  }

  #skip(): undefined {
    this.#at++;
    return undefined;
  }

  #unexpected(where: string): string {
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    return `invalid character ${quoted(char)} ${where}`;
  }
}

const quoted = (char: string): string => {
  if (char === "'") return `'\\''`;
  const escape = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[char];
  return `'${escape ?? char}'`;
};

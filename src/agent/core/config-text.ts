import type { Diagnostic, Position } from "../../lib/diagnostic.ts";

/**
 * Reads agent configuration text: HCL version 1 or JSON, one reader for both, since JSON only adds quotes, colons
 * and commas. No expressions: `${..}` and `{{ .. }}` inside strings are kept for whoever understands them.
 */
export type ConfigValue =
  | { readonly kind: "string"; readonly text: string; readonly at: Position }
  | { readonly kind: "number"; readonly text: string; readonly at: Position }
  | { readonly kind: "bool"; readonly value: boolean; readonly at: Position }
  | { readonly kind: "null"; readonly at: Position }
  | { readonly kind: "list"; readonly items: readonly ConfigValue[]; readonly at: Position }
  | { readonly kind: "object"; readonly entries: readonly ConfigEntry[]; readonly at: Position };

export interface ConfigEntry {
  readonly key: string;
  readonly labels: readonly string[];
  readonly value: ConfigValue;
  readonly at: Position;
}
export type ConfigTextResult =
  | { readonly ok: true; readonly entries: readonly ConfigEntry[] }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

interface Token {
  readonly kind: "word" | "string" | "number" | "mark" | "end";
  readonly text: string;
  readonly at: Position;
}

const deepest = 64;

class ConfigFault extends Error {
  readonly at: Position;
  constructor(message: string, at: Position) {
    super(message);
    this.at = at;
  }
}

export function parseConfigText(text: string, file: string): ConfigTextResult {
  try {
    const reader = new Reader(new Scanner(text.replace(/^\uFEFF/, "")));
    return { ok: true, entries: reader.document() };
  } catch (thrown) {
    if (!(thrown instanceof ConfigFault)) throw thrown;
    return {
      ok: false,
      diagnostic: {
        severity: "error",
        summary: thrown.message,
        detail: "",
        file,
        start: thrown.at,
      },
    };
  }
}

class Reader {
  readonly #scanner: Scanner;
  #token: Token;
  #depth = 0;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
    this.#token = scanner.next();
  }

  document(): ConfigEntry[] {
    if (!this.#isMark("{")) return this.#entries("end");
    const value = this.#value();
    if (this.#token.kind !== "end") throw this.#unexpected("the end of the file");
    return value.kind === "object" ? [...value.entries] : [];
  }

  #entries(until: "}" | "end"): ConfigEntry[] {
    const entries: ConfigEntry[] = [];
    for (;;) {
      while (this.#isMark(",")) this.#advance();
      if (until === "end" ? this.#token.kind === "end" : this.#isMark("}")) return entries;
      entries.push(this.#entry());
    }
  }

  #entry(): ConfigEntry {
    const { at } = this.#token;
    const key = this.#name("an argument or block name");
    const labels: string[] = [];
    while (this.#token.kind === "string" || this.#token.kind === "word")
      labels.push(this.#name("a label"));
    if (this.#isMark("=") || this.#isMark(":")) {
      if (labels.length > 0) throw this.#unexpected("`{`");
      this.#advance();
      return { key, labels, value: this.#value(), at };
    }
    if (!this.#isMark("{")) throw this.#unexpected("`=` or `{`");
    return { key, labels, value: this.#value(), at };
  }

  #name(what: string): string {
    if (this.#token.kind !== "word" && this.#token.kind !== "string") throw this.#unexpected(what);
    const { text } = this.#token;
    this.#advance();
    return text;
  }

  #value(): ConfigValue {
    const token = this.#token;
    if (++this.#depth > deepest) throw new ConfigFault("nested too deeply", token.at);
    const value = this.#valueOf(token);
    this.#depth -= 1;
    return value;
  }

  #valueOf(token: Token): ConfigValue {
    if (token.kind === "string" || token.kind === "number") {
      this.#advance();
      return { kind: token.kind, text: token.text, at: token.at };
    }
    if (token.kind === "word") return this.#wordValue(token);
    if (this.#isMark("{")) {
      this.#advance();
      const entries = this.#entries("}");
      this.#advance();
      return { kind: "object", entries, at: token.at };
    }
    if (this.#isMark("[")) return this.#list(token);
    throw this.#unexpected("a value");
  }

  #wordValue(token: Token): ConfigValue {
    this.#advance();
    if (token.text === "null") return { kind: "null", at: token.at };
    if (token.text === "true" || token.text === "false")
      return { kind: "bool", value: token.text === "true", at: token.at };
    throw new ConfigFault(`unknown word ${token.text}: put text into quotes`, token.at);
  }

  #list(open: Token): ConfigValue {
    this.#advance();
    const items: ConfigValue[] = [];
    while (!this.#isMark("]")) {
      items.push(this.#value());
      if (this.#isMark(",")) this.#advance();
      else if (!this.#isMark("]")) throw this.#unexpected("`,` or `]`");
    }
    this.#advance();
    return { kind: "list", items, at: open.at };
  }

  #isMark(mark: string): boolean {
    return this.#token.kind === "mark" && this.#token.text === mark;
  }

  #advance(): void {
    this.#token = this.#scanner.next();
  }

  #unexpected(wanted: string): ConfigFault {
    const found = this.#token.kind === "end" ? "the end of the file" : `\`${this.#token.text}\``;
    return new ConfigFault(`expected ${wanted}, found ${found}`, this.#token.at);
  }
}

class Scanner {
  readonly #text: string;
  #index = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Token {
    this.#skipBlanks();
    const at = this.#position();
    const char = this.#text[this.#index];
    if (char === undefined) return { kind: "end", text: "", at };
    if (char === '"') return { kind: "string", text: this.#quoted(at), at };
    if (this.#text.startsWith("<<", this.#index))
      return { kind: "string", text: this.#heredoc(at), at };
    if ("{}[]=:,".includes(char)) {
      this.#index += 1;
      return { kind: "mark", text: char, at };
    }
    const number = this.#match(/-?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y);
    if (number !== undefined) return { kind: "number", text: number, at };
    const word = this.#match(/[\p{L}_][\p{L}\p{N}_.-]*/uy);
    if (word !== undefined) return { kind: "word", text: word, at };
    throw new ConfigFault(`unexpected character ${JSON.stringify(char)}`, at);
  }

  #position(): Position {
    return { line: this.#line, column: this.#index - this.#lineStart + 1 };
  }

  #match(rule: RegExp): string | undefined {
    rule.lastIndex = this.#index;
    const found = rule.exec(this.#text)?.[0];
    if (found !== undefined) this.#index += found.length;
    return found;
  }

  #skipBlanks(): void {
    for (;;) {
      const at = this.#position();
      const skipped = this.#match(/\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y);
      if (skipped === undefined) {
        if (this.#text.startsWith("/*", this.#index))
          throw new ConfigFault("comment not ended", at);
        return;
      }
      this.#countLines(skipped);
    }
  }

  #countLines(passed: string): void {
    for (let at = passed.indexOf("\n"); at >= 0; at = passed.indexOf("\n", at + 1)) {
      this.#line += 1;
      this.#lineStart = this.#index - passed.length + at + 1;
    }
  }

  #quoted(at: Position): string {
    let out = "";
    let inside = 0;
    for (this.#index += 1; ; this.#index += 1) {
      const char = this.#text[this.#index];
      if (char === undefined || char === "\n") throw new ConfigFault("string not ended", at);
      if (char === "$" && this.#text[this.#index + 1] === "{") inside += 1;
      if (char === "}" && inside > 0) inside -= 1;
      if (char === '"' && inside === 0) break;
      out += char === "\\" ? this.#escape(at) : char;
    }
    this.#index += 1;
    return out;
  }

  #escape(at: Position): string {
    this.#index += 1;
    const char = this.#text[this.#index] ?? "";
    const simple: Record<string, string> = {
      n: "\n",
      r: "\r",
      t: "\t",
      b: "\b",
      f: "\f",
      '"': '"',
      "\\": "\\",
      "/": "/",
    };
    const plain = simple[char];
    if (plain !== undefined) return plain;
    const length = char === "u" ? 4 : char === "U" ? 8 : 0;
    const digits = this.#text.slice(this.#index + 1, this.#index + 1 + length);
    const code = Number.parseInt(digits, 16);
    if (length === 0 || !/^[0-9a-fA-F]+$/.test(digits) || digits.length < length || code > 0x10ffff)
      throw new ConfigFault(`unknown escape \\${char} in a string`, at);
    this.#index += length;
    return String.fromCodePoint(code);
  }

  #heredoc(at: Position): string {
    const head = this.#match(/<<-?[ \t]*[A-Za-z_][\w-]*[ \t]*\r?\n/y);
    if (head === undefined) throw new ConfigFault("expected a heredoc such as <<EOF", at);
    this.#countLines(head);
    const indented = head.startsWith("<<-");
    const marker = head.replace(/^<<-?/, "").trim();
    const lines: string[] = [];
    for (;;) {
      const line = this.#match(/[^\n]*(?:\n|$)/y) ?? "";
      if (line === "") throw new ConfigFault(`heredoc ${marker} not ended`, at);
      if (line.trim() === marker) {
        // The line end after the marker belongs to what follows, as any other.
        if (line.endsWith("\n")) this.#index -= 1;
        break;
      }
      this.#countLines(line);
      lines.push(line);
    }
    const texts = lines.filter((line) => line.trim() !== "");
    const cut = indented
      ? Math.min(...texts.map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0))
      : 0;
    return lines
      .map((line) => line.slice(Number.isFinite(cut) ? Math.min(cut, line.length) : 0))
      .join("");
  }
}

import { PlacedFault } from "./faults.ts";
import type { Delimiters } from "./lex.ts";
import { lexTemplate } from "./lex.ts";
import { unquote } from "./literals.ts";
import { PipeReader } from "./parse-pipe.ts";
import type { RefuseFunction } from "./parse-pipe.ts";
import { Scope } from "./scope.ts";
import type { ParsedTemplate, Pipe, Statement } from "./syntax-types.ts";
import { TokenReader, unexpected } from "./token-reader.ts";

const deepestNesting = 100;
/** A text is read in one go, so there is an end to its words. */
const mostWords = 40_000;
/** Words that begin a statement instead of an expression. */
const ends = new Set(["end", "else"]);

/** Reads a template text; throws a `PlacedFault` at the first thing that is wrong. */
export function parseText(
  text: string,
  delimiters: Delimiters,
  refuse: RefuseFunction,
): ParsedTemplate {
  const words = lexTemplate(text, delimiters, mostWords);
  const tokens = new TokenReader(words, text.length);
  const reader = new StatementReader(tokens, refuse);
  const body = reader.readAll();
  return { text, body, definitions: reader.definitions };
}

interface List {
  readonly statements: readonly Statement[];
  /** Why the list ended. */
  readonly end: "end" | "else" | "text";
}

class StatementReader {
  readonly definitions = new Map<string, readonly Statement[]>();
  readonly #tokens: TokenReader;
  readonly #refuse: RefuseFunction;
  #scope = new Scope();
  #pipes: PipeReader;
  #loops = 0;
  #depth = 0;

  constructor(tokens: TokenReader, refuse: RefuseFunction) {
    this.#tokens = tokens;
    this.#refuse = refuse;
    this.#pipes = new PipeReader(tokens, this.#scope, refuse);
  }

  readAll(): readonly Statement[] {
    const { statements, end } = this.#list("text");
    if (end !== "text") throw unexpected(this.#tokens.peek(), "template");
    return statements;
  }

  /** Up to an `end` or `else`, whose word is taken, or to the end of the text. */
  #list(until: "text" | "block"): List {
    const statements: Statement[] = [];
    for (;;) {
      const token = this.#tokens.take();
      if (token.kind === "end") {
        if (until === "block") throw unexpected(token, "block that is not ended");
        return { statements, end: "text" };
      }
      if (token.kind === "text") {
        statements.push({ kind: "text", at: token.at, text: token.text });
        continue;
      }
      const word = this.#tokens.peekWord();
      if (word.kind === "word" && ends.has(word.text)) {
        if (until === "text") throw new PlacedFault(`unexpected {{${word.text}}}`, word.at);
        this.#tokens.take();
        if (word.text === "end") this.#tokens.close("end");
        return { statements, end: word.text === "end" ? "end" : "else" };
      }
      const statement = this.#statement(until === "text");
      if (statement !== undefined) statements.push(statement);
    }
  }

  #statement(isTop: boolean): Statement | undefined {
    const { kind, text, at } = this.#tokens.peekWord();
    const word = kind === "word" ? text : "";
    switch (word) {
      case "if":
      case "with":
      case "range":
        this.#tokens.take();
        return this.#control(word, at);
      case "break":
      case "continue":
        return this.#jump(word);
      case "template":
        return this.#invoke();
      case "block":
        return this.#block();
      case "define":
        if (!isTop) throw new PlacedFault("unexpected {{define}}", at);
        this.#define();
        return undefined;
      default:
        return { kind: "action", at, pipe: this.#pipes.read("command", "close") };
    }
  }

  #control(kind: "if" | "with" | "range", at: number): Statement {
    this.#nest(at);
    const mark = this.#scope.mark;
    const pipe = this.#pipes.read(kind, "close");
    if (kind === "range") this.#loops++;
    const body = this.#list("block");
    if (kind === "range") this.#loops--;
    const otherwise = body.end === "else" ? this.#otherwise(kind) : [];
    this.#scope.release(mark);
    this.#depth--;
    return { kind, at, pipe, body: body.statements, otherwise };
  }

  /** After `else`: a plain list, or another `if` or `with` that shares the end. */
  #otherwise(kind: "if" | "with" | "range"): readonly Statement[] {
    const word = this.#tokens.peekWord();
    if (word.kind === "word" && word.text === kind && kind !== "range") {
      this.#tokens.take();
      return [this.#control(kind, word.at)];
    }
    this.#tokens.close("else");
    const { statements, end } = this.#list("block");
    if (end === "else") throw new PlacedFault("expected end; found {{else}}", word.at);
    return statements;
  }

  #jump(kind: "break" | "continue"): Statement {
    const { at } = this.#tokens.take();
    this.#tokens.close(`{{${kind}}}`);
    if (this.#loops === 0) throw new PlacedFault(`{{${kind}}} outside {{range}}`, at);
    return { kind, at };
  }

  #invoke(): Statement {
    const { at } = this.#tokens.take();
    const name = this.#name("template clause");
    if (this.#tokens.peekWord().kind === "close") {
      this.#tokens.take();
      return { kind: "template", at, name, pipe: undefined };
    }
    return { kind: "template", at, name, pipe: this.#pipes.read("template clause", "close") };
  }

  #block(): Statement {
    const { at } = this.#tokens.take();
    const name = this.#name("block clause");
    const pipe: Pipe = this.#pipes.read("block clause", "close");
    this.#body(name, at);
    return { kind: "template", at, name, pipe };
  }

  #define(): void {
    const { at } = this.#tokens.take();
    const name = this.#name("define clause");
    this.#tokens.close("define clause");
    this.#body(name, at);
  }

  /** The body of a template of its own: it sees no variables from around it. */
  #body(name: string, at: number): void {
    this.#nest(at);
    const outer = { scope: this.#scope, pipes: this.#pipes, loops: this.#loops };
    this.#scope = new Scope();
    this.#pipes = new PipeReader(this.#tokens, this.#scope, this.#refuse);
    this.#loops = 0;
    const { statements, end } = this.#list("block");
    if (end !== "end") throw new PlacedFault(`unexpected {{else}} in template ${quoted(name)}`, at);
    this.#scope = outer.scope;
    this.#pipes = outer.pipes;
    this.#loops = outer.loops;
    this.#depth--;
    this.#add(name, statements, at);
  }

  /** One without anything to show gives way to any other of its name. */
  #add(name: string, statements: readonly Statement[], at: number): void {
    const known = this.definitions.get(name);
    if (known === undefined || isBlank(known)) this.definitions.set(name, statements);
    else if (!isBlank(statements))
      throw new PlacedFault(`multiple definition of template ${quoted(name)}`, at);
  }

  #name(context: string): string {
    const token = this.#tokens.takeWord();
    if (token.kind === "raw") return token.text;
    if (token.kind === "string") return unquote(token, '"');
    throw unexpected(token, context);
  }

  #nest(at: number): void {
    if (++this.#depth > deepestNesting)
      throw new PlacedFault(`more than ${deepestNesting} blocks within one another`, at);
  }
}

const quoted = (text: string): string => JSON.stringify(text);
const isBlank = (statements: readonly Statement[]): boolean =>
  statements.every((statement) => statement.kind === "text" && statement.text.trim() === "");

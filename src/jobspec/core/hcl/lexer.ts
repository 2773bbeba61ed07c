import { Fault, FinalFault } from "./source.ts";
import type { Range, Source } from "./source.ts";

/** One token outside templates. Text inside quotes and heredocs is read by the template reader. */
export interface Token {
  readonly kind: "name" | "number" | "quote" | "heredoc" | "newline" | "end" | "sign";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const name = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
/** Digits and dots up to the last digit are one token, so that 1.2.3 is a wrong number and not an access. */
const number = /[0-9](?:(?:[0-9.]|[eE][+-]?[0-9])*(?:[0-9]|[eE][+-]?[0-9]))?/y;
const heredoc = /<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy;
const sign = /\.\.\.|=>|==|!=|<=|>=|&&|\|\||::|[{}[\]()=<>!?:,.+\-*/%~]/y;
const blank = /(?:[ \t]+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)+/y;

/** The token at `offset` or after the blanks and comments there. Faults on text that is no token. */
export function tokenAt(source: Source, offset: number): Token {
  const { text } = source;
  const start = offset + matchLength(blank, text, offset);
  const first = text[start];
  if (first === undefined) return { kind: "end", text: "", start, end: start };
  if (first === "\n") return { kind: "newline", text: "\n", start, end: start + 1 };
  if (first === "\r" && text[start + 1] === "\n")
    return { kind: "newline", text: "\n", start, end: start + 2 };
  if (first === '"') return { kind: "quote", text: first, start, end: start + 1 };
  return (
    token("name", name, text, start) ??
    token("number", number, text, start) ??
    token("heredoc", heredoc, text, start) ??
    unclosedComment(source, start) ??
    token("sign", sign, text, start) ??
    badCharacter(source, start)
  );
}

function matchLength(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0].length ?? 0;
}

function token(
  kind: Token["kind"],
  pattern: RegExp,
  text: string,
  start: number,
): Token | undefined {
  pattern.lastIndex = start;
  const found = pattern.exec(text);
  if (!found) return undefined;
  return { kind, text: found[0], start, end: start + found[0].length };
}

function unclosedComment(source: Source, start: number): undefined {
  if (!source.text.startsWith("/*", start)) return undefined;
  throw new FinalFault(
    { source, start, end: start + 2 },
    "Unterminated comment",
    "This comment is never closed; add */ where it ends.",
  );
}

function badCharacter(source: Source, start: number): never {
  const character = String.fromCodePoint(source.text.codePointAt(start) ?? 0);
  const range: Range = { source, start, end: start + character.length };
  if ("'‘’“”`".includes(character))
    throw new Fault(
      range,
      "Invalid quotes",
      'Text is written between straight double quotes: "like this".',
    );
  if (character === "&" || character === "|")
    throw new Fault(
      range,
      "Unsupported operator",
      `Bitwise operators are not supported. Did you mean "${character}${character}"?`,
    );
  throw new Fault(
    range,
    "Invalid character",
    `The character ${JSON.stringify(character)} has no meaning here.`,
  );
}

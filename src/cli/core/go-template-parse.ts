export type Expression =
  | { readonly kind: "literal"; readonly value: unknown }
  | {
      readonly kind: "path";
      /** Undefined for the dot, a variable's name, or an expression in parentheses. */
      readonly root: string | Expression | undefined;
      readonly names: readonly string[];
      readonly text: string;
      /** Where complaints about it point to: the second name of a chain, else its beginning. */
      readonly at: number;
    }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: "pipe"; readonly stages: readonly Expression[] };

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "action";
      readonly expression: Expression;
      readonly assign: string | undefined;
    }
  | {
      readonly kind: "if" | "with";
      readonly expression: Expression;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    }
  | {
      readonly kind: "range";
      readonly names: readonly string[];
      readonly expression: Expression;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    };

type Piece = { readonly text: string } | { readonly tag: string; readonly at: number };

export function parseTemplate(source: string): readonly TemplateNode[] {
  const pieces = split(source);
  const reader = { at: 0 };
  const nodes = readBlock(pieces, reader);
  if (reader.at < pieces.length) throw new Error("unexpected {{end}}");
  return nodes;
}

/** Cuts text from tags; `{{-` and `-}}` eat the white space beside them. */
function split(source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const tag = /\{\{(- )?((?:"(?:\\.|[^"\\])*"|`[^`]*`|[^"`])*?)( -)?\}\}/gs;
  let at = 0;
  let eatLeft = false;
  for (const match of source.matchAll(tag)) {
    const before = source.slice(at, match.index);
    const left = eatLeft ? before.trimStart() : before;
    pieces.push({ text: match[1] === undefined ? left : left.trimEnd() });
    const inner = match[2] ?? "";
    const lead = inner.length - inner.trimStart().length;
    const at0 = match.index + 2 + (match[1]?.length ?? 0) + lead;
    pieces.push({ tag: inner.trim(), at: at0 });
    eatLeft = match[3] !== undefined;
    at = match.index + match[0].length;
  }
  const rest = source.slice(at);
  if (rest.includes("{{")) throw new Error("unclosed action");
  pieces.push({ text: eatLeft ? rest.trimStart() : rest });
  return pieces;
}

interface Reader {
  at: number;
}

/** Reads up to an `end` or `else`, which stays for the caller. */
function readBlock(pieces: readonly Piece[], reader: Reader): readonly TemplateNode[] {
  const nodes: TemplateNode[] = [];
  for (; reader.at < pieces.length;) {
    const piece = pieces[reader.at];
    if (!piece) break;
    if ("text" in piece) {
      if (piece.text !== "") nodes.push({ kind: "text", text: piece.text });
      reader.at++;
      continue;
    }
    if (/^(?:end|else)\b/.test(piece.tag)) return nodes;
    reader.at++;
    if (piece.tag.startsWith("/*")) continue;
    nodes.push(readTag(piece, pieces, reader));
  }
  return nodes;
}

interface Tag {
  readonly tag: string;
  readonly at: number;
}

function readTag({ tag, at }: Tag, pieces: readonly Piece[], reader: Reader): TemplateNode {
  // Every part that is read on is an end of the tag, so its place follows from its length.
  const parse = (part: string): Expression => parseExpression(part, at + tag.length - part.length);
  const [, word = "", rest = ""] = /^(\w+)\b\s*(.*)$/s.exec(tag) ?? [];
  if (word === "if" || word === "with") {
    const expression = parse(rest);
    return { kind: word, expression, ...readBodies(pieces, reader) };
  }
  if (word === "range") {
    const [, names = "", list = rest] = /^((?:\$\w+\s*,\s*)?\$\w+)\s*:=\s*(.*)$/s.exec(rest) ?? [];
    const expression = parse(list);
    const bound = names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
    return { kind: "range", names: bound, expression, ...readBodies(pieces, reader) };
  }
  if (["template", "define", "block", "break", "continue"].includes(word))
    throw new Error(`{{${word}}} is not supported in templates here`);
  const [, assign, value = tag] = /^(\$\w*)\s*:?=\s*(.*)$/s.exec(tag) ?? [];
  return { kind: "action", expression: parse(value), assign };
}

function readBodies(
  pieces: readonly Piece[],
  reader: Reader,
): { readonly body: readonly TemplateNode[]; readonly otherwise: readonly TemplateNode[] } {
  const body = readBlock(pieces, reader);
  const end = pieces[reader.at++];
  if (!end || !("tag" in end)) throw new Error("unexpected EOF");
  if (end.tag === "end") return { body, otherwise: [] };
  const chained = /^else\s+(.*)$/s.exec(end.tag)?.[1];
  // `else if` is an if inside the else that shares its end.
  if (chained !== undefined)
    return {
      body,
      otherwise: [
        readTag({ tag: chained, at: end.at + end.tag.length - chained.length }, pieces, reader),
      ],
    };
  const otherwise = readBlock(pieces, reader);
  const last = pieces[reader.at++];
  if (!last || !("tag" in last) || last.tag !== "end") throw new Error("unexpected EOF");
  return { body, otherwise };
}

interface Token {
  readonly text: string;
  readonly at: number;
}
type Tokens = readonly Token[];

function parseExpression(text: string, offset: number): Expression {
  const tokens = tokenize(text, offset);
  if (tokens.length === 0) throw new Error("missing value for command");
  const reader = { at: 0 };
  const expression = readPipe(tokens, reader);
  const left = tokens[reader.at];
  if (left) throw new Error(`unexpected ${JSON.stringify(left.text)}`);
  return expression;
}

function tokenize(text: string, offset: number): Tokens {
  const token =
    /\s+|("(?:\\.|[^"\\])*"|`[^`]*`|\)(?:\.\w+)*|\(|\||-?\d+(?:\.\d+)?|\$?(?:\.\w+)+|\$\w*(?:\.\w+)*|\.|\w+)/gy;
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    if (match[1] !== undefined) tokens.push({ text: match[1], at: offset + match.index });
    end = match.index + match[0].length;
  }
  if (end < text.length)
    throw new Error(`unexpected ${JSON.stringify(text.slice(end))} in command`);
  return tokens;
}

function readPipe(tokens: Tokens, reader: Reader): Expression {
  const stages = [readCommand(tokens, reader)];
  while (tokens[reader.at]?.text === "|") {
    reader.at++;
    stages.push(readCommand(tokens, reader));
  }
  const [only] = stages;
  return stages.length === 1 && only ? only : { kind: "pipe", stages };
}

function readCommand(tokens: Tokens, reader: Reader): Expression {
  const first = tokens[reader.at]?.text;
  if (first === undefined) throw new Error("missing value for command");
  const isName = /^[A-Za-z_]\w*$/.test(first) && !["true", "false", "nil"].includes(first);
  if (!isName) return readOperand(tokens, reader);
  reader.at++;
  const args: Expression[] = [];
  for (let next = tokens[reader.at]?.text; next !== undefined && next !== "|";) {
    if (next.startsWith(")")) break;
    args.push(readOperand(tokens, reader));
    next = tokens[reader.at]?.text;
  }
  return { kind: "call", name: first, args };
}

function readOperand(tokens: Tokens, reader: Reader): Expression {
  const { text, at } = tokens[reader.at++] ?? { text: "", at: 0 };
  if (text === "(") {
    const inner = readPipe(tokens, reader);
    const close = tokens[reader.at++];
    if (!close?.text.startsWith(")")) throw new Error("unclosed left paren");
    const names = namesOf(close.text.slice(1));
    return names.length === 0
      ? inner
      : { kind: "path", root: inner, names, text: close.text.slice(1), at: close.at };
  }
  if (text.startsWith('"')) return { kind: "literal", value: unquote(text) };
  if (text.startsWith("`")) return { kind: "literal", value: text.slice(1, -1) };
  if (/^-?\d/.test(text)) return { kind: "literal", value: Number(text) };
  if (text === "true" || text === "false") return { kind: "literal", value: text === "true" };
  if (text === "nil") return { kind: "literal", value: null };
  if (/^[.$]/.test(text)) {
    const root = text.startsWith("$") ? (text.split(".")[0] ?? "$") : undefined;
    const second = text.indexOf(".", 1);
    return { kind: "path", root, names: namesOf(text), text, at: at + Math.max(0, second) };
  }
  if (/^\w+$/.test(text)) return { kind: "call", name: text, args: [] };
  throw new Error(`unexpected ${JSON.stringify(text)} in operand`);
}

const namesOf = (text: string): readonly string[] =>
  text
    .split(".")
    .slice(1)
    .filter((name) => name !== "");

const unquote = (token: string): string => {
  const value: unknown = JSON.parse(token.replaceAll(/\\([^"\\/bfnrtu])/g, "\\\\$1"));
  return String(value);
};

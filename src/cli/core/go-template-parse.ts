export type Expression =
  | { readonly kind: "literal"; readonly value: unknown }
  | {
      readonly kind: "path";
      /** Undefined for the dot, a variable's name, or an expression in parentheses. */
      readonly root: string | Expression | undefined;
      readonly names: readonly string[];
      readonly text: string;
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

type Piece = { readonly text: string } | { readonly tag: string };

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
    pieces.push({ tag: (match[2] ?? "").trim() });
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
    nodes.push(readTag(piece.tag, pieces, reader));
  }
  return nodes;
}

function readTag(tag: string, pieces: readonly Piece[], reader: Reader): TemplateNode {
  const [, word = "", rest = ""] = /^(\w+)\b\s*(.*)$/s.exec(tag) ?? [];
  if (word === "if" || word === "with") {
    const expression = parseExpression(rest);
    return { kind: word, expression, ...readBodies(pieces, reader) };
  }
  if (word === "range") {
    const [, names = "", list = rest] = /^((?:\$\w+\s*,\s*)?\$\w+)\s*:=\s*(.*)$/s.exec(rest) ?? [];
    const expression = parseExpression(list);
    const bound = names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
    return { kind: "range", names: bound, expression, ...readBodies(pieces, reader) };
  }
  if (["template", "define", "block", "break", "continue"].includes(word))
    throw new Error(`{{${word}}} is not supported in templates here`);
  const [, assign, value = tag] = /^(\$\w*)\s*:?=\s*(.*)$/s.exec(tag) ?? [];
  return { kind: "action", expression: parseExpression(value), assign };
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
  if (chained !== undefined) return { body, otherwise: [readTag(chained, pieces, reader)] };
  const otherwise = readBlock(pieces, reader);
  const last = pieces[reader.at++];
  if (!last || !("tag" in last) || last.tag !== "end") throw new Error("unexpected EOF");
  return { body, otherwise };
}

type Tokens = readonly string[];

function parseExpression(text: string): Expression {
  const tokens = tokenize(text);
  if (tokens.length === 0) throw new Error("missing value for command");
  const reader = { at: 0 };
  const expression = readPipe(tokens, reader);
  if (reader.at < tokens.length) throw new Error(`unexpected ${JSON.stringify(tokens[reader.at])}`);
  return expression;
}

function tokenize(text: string): Tokens {
  const token =
    /\s+|("(?:\\.|[^"\\])*"|`[^`]*`|\)(?:\.\w+)*|\(|\||-?\d+(?:\.\d+)?|\$?(?:\.\w+)+|\$\w*(?:\.\w+)*|\.|\w+)/gy;
  const tokens: string[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    if (match[1] !== undefined) tokens.push(match[1]);
    end = match.index + match[0].length;
  }
  if (end < text.length)
    throw new Error(`unexpected ${JSON.stringify(text.slice(end))} in command`);
  return tokens;
}

function readPipe(tokens: Tokens, reader: Reader): Expression {
  const stages = [readCommand(tokens, reader)];
  while (tokens[reader.at] === "|") {
    reader.at++;
    stages.push(readCommand(tokens, reader));
  }
  const [only] = stages;
  return stages.length === 1 && only ? only : { kind: "pipe", stages };
}

function readCommand(tokens: Tokens, reader: Reader): Expression {
  const first = tokens[reader.at];
  if (first === undefined) throw new Error("missing value for command");
  const isName = /^[A-Za-z_]\w*$/.test(first) && !["true", "false", "nil"].includes(first);
  if (!isName) return readOperand(tokens, reader);
  reader.at++;
  const args: Expression[] = [];
  for (let next = tokens[reader.at]; next !== undefined && next !== "|" && !next.startsWith(")");) {
    args.push(readOperand(tokens, reader));
    next = tokens[reader.at];
  }
  return { kind: "call", name: first, args };
}

function readOperand(tokens: Tokens, reader: Reader): Expression {
  const token = tokens[reader.at++] ?? "";
  if (token === "(") {
    const inner = readPipe(tokens, reader);
    const close = tokens[reader.at++];
    if (!close?.startsWith(")")) throw new Error("unclosed left paren");
    const names = close
      .slice(1)
      .split(".")
      .filter((name) => name !== "");
    return names.length === 0 ? inner : { kind: "path", root: inner, names, text: close.slice(1) };
  }
  if (token.startsWith('"')) return { kind: "literal", value: unquote(token) };
  if (token.startsWith("`")) return { kind: "literal", value: token.slice(1, -1) };
  if (/^-?\d/.test(token)) return { kind: "literal", value: Number(token) };
  if (token === "true" || token === "false") return { kind: "literal", value: token === "true" };
  if (token === "nil") return { kind: "literal", value: null };
  if (/^[.$]/.test(token)) {
    const [root = "", ...names] = token.split(".");
    const known = names.filter((name) => name !== "");
    return { kind: "path", root: root === "" ? undefined : root, names: known, text: token };
  }
  if (/^\w+$/.test(token)) return { kind: "call", name: token, args: [] };
  throw new Error(`unexpected ${JSON.stringify(token)} in operand`);
}

const unquote = (token: string): string => {
  const value: unknown = JSON.parse(token.replaceAll(/\\([^"\\/bfnrtu])/g, "\\\\$1"));
  return String(value);
};

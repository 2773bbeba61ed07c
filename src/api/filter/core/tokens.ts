export type Token =
  | {
      readonly kind: "word" | "text" | "number" | "mark";
      readonly text: string;
      readonly at: number;
    }
  | { readonly kind: "end"; readonly text: ""; readonly at: number };

export class FilterError extends Error {
  constructor(source: string, at: number, why: string) {
    const before = source.slice(0, at).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    super(`${before.length}:${column} (${at}): ${why}`);
    this.name = "FilterError";
  }
}

const shapes: readonly { readonly kind: "word" | "number" | "mark"; readonly shape: RegExp }[] = [
  { kind: "number", shape: /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?=[\s)}\].]|$)/y },
  { kind: "word", shape: /[a-zA-Z_][a-zA-Z0-9_/]*/y },
  { kind: "mark", shape: /==|!=|[()[\]{},.]/y },
];
const blank = /\s*/y;
const quoted = /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y;

export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = skip(source, 0); at < source.length; at = skip(source, at)) {
    const token = textAt(source, at) ?? plainAt(source, at);
    if (!token) throw new FilterError(source, at, `no match found at ${quote(source[at] ?? "")}`);
    tokens.push(token.token);
    at = token.end;
  }
  tokens.push({ kind: "end", text: "", at: source.length });
  return tokens;
}

interface Found {
  readonly token: Token;
  readonly end: number;
}

function plainAt(source: string, at: number): Found | undefined {
  for (const { kind, shape } of shapes) {
    const text = matchAt(shape, source, at);
    if (text !== undefined) return { token: { kind, text, at }, end: at + text.length };
  }
  return undefined;
}

function textAt(source: string, at: number): Found | undefined {
  const first = source[at];
  if (first !== '"' && first !== "`") return undefined;
  const raw = matchAt(quoted, source, at);
  if (raw === undefined) throw new FilterError(source, at, "string literal not terminated");
  const inner = raw.slice(1, -1);
  const text = first === "`" ? inner : unescape(source, { at, inner });
  return { token: { kind: "text", text, at }, end: at + raw.length };
}

function unescape(source: string, of: { readonly at: number; readonly inner: string }): string {
  if (!of.inner.includes("\\")) return of.inner;
  try {
    return String(JSON.parse(`"${of.inner}"`));
  } catch {
    throw new FilterError(source, of.at, "invalid escape in string literal");
  }
}

const skip = (source: string, at: number): number => at + (matchAt(blank, source, at)?.length ?? 0);

function matchAt(shape: RegExp, source: string, at: number): string | undefined {
  shape.lastIndex = at;
  return shape.exec(source)?.[0];
}

export const quote = (text: string): string => JSON.stringify(text);

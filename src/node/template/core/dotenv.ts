/** Variables of a rendered file, or what is wrong in which of its lines. */
export type DotenvOutcome =
  | { readonly kind: "parsed"; readonly values: ReadonlyMap<string, string> }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Reads `KEY=value` lines. A value is made of plain text, `'text as it is'` and `"text with JSON's escapes"`;
 * `#` outside of quotes begins a comment. The later one of two equal keys wins.
 */
export function parseDotenv(text: string): DotenvOutcome {
  const values = new Map<string, string>();
  for (const [at, line] of text.split("\n").entries()) {
    const entry = parseLine(line);
    if (typeof entry === "string")
      return { kind: "failed", reason: `error on line ${at + 1}: ${entry}` };
    if (entry !== undefined) values.set(entry.key, entry.value);
  }
  return { kind: "parsed", values };
}

interface Entry {
  readonly key: string;
  readonly value: string;
}

/** A text says what is wrong; undefined is a line without an entry. */
function parseLine(line: string): Entry | string | undefined {
  const trimmed = line.trim();
  if (trimmed === "" || trimmed.startsWith("#")) return undefined;
  const body = trimmed.startsWith("export ") ? trimmed.slice("export ".length) : trimmed;
  const equals = body.indexOf("=");
  if (equals < 0) return "missing =";
  const key = body.slice(0, equals).trimEnd();
  const fault = keyFault(key);
  if (fault !== undefined) return fault;
  const value = parseValue(body.slice(equals + 1));
  return typeof value === "string" ? { key, value } : value.fault;
}

function keyFault(key: string): string | undefined {
  if (key === "") return "empty key";
  if (!/^[A-Za-z_]/.test(key))
    return `key must start with [A-Za-z_] but found ${JSON.stringify(key[0])}`;
  const bad = /[^A-Za-z0-9/_.]/.exec(key);
  return bad === null
    ? undefined
    : `key characters must be [A-Za-z0-9/_.] but found ${JSON.stringify(bad[0])}`;
}

function parseValue(text: string): string | { readonly fault: string } {
  let out = "";
  let at = text.length - text.trimStart().length;
  while (at < text.length) {
    const mark = text[at];
    if (mark === "#") break;
    if (mark === '"' || mark === "'") {
      const end = endOfQuote(text, at, mark);
      if (end < 0) return { fault: `unmatched ${mark}` };
      const inner = mark === "'" ? text.slice(at + 1, end) : readEscapes(text.slice(at, end + 1));
      if (inner === undefined)
        return { fault: `invalid escape sequence in ${text.slice(at, end + 1)}` };
      out += inner;
      at = end + 1;
      continue;
    }
    const plain = /[^#"']*/y;
    plain.lastIndex = at;
    const piece = plain.exec(text)?.[0] ?? "";
    at += piece.length;
    // Space before a quote belongs to the value, space before the end does not.
    out += at === text.length || text[at] === "#" ? piece.trimEnd() : piece;
    const bad = hasControl(piece);
    if (bad !== undefined) return { fault: `${bad} is an invalid value character` };
  }
  return out;
}

function endOfQuote(text: string, start: number, mark: string): number {
  for (let at = start + 1; at < text.length; at++) {
    if (mark === '"' && text[at] === "\\") at++;
    else if (text[at] === mark) return at;
  }
  return -1;
}

function readEscapes(quoted: string): string | undefined {
  try {
    const read: unknown = JSON.parse(quoted);
    return typeof read === "string" ? read : undefined;
  } catch {
    // Whoever reads the line says what is wrong with it.
    return undefined;
  }
}

function hasControl(text: string): string | undefined {
  for (const character of text.trimEnd()) {
    const code = character.charCodeAt(0);
    if (code < 0x20) return `0x${code.toString(16).padStart(2, "0")}`;
  }
  return undefined;
}

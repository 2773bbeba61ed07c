/**
 * Finds the entries of a decoded path. Patterns are static text, `*name` (any text, slashes too, because job ids
 * and variable paths hold them) and `:name` (one segment). The longest static beginning wins, then the longest
 * static ending: `/v1/job/a/b/allocations` is the allocations of job `a/b`.
 */
export interface Router<Entry> {
  find(path: string): Match<Entry> | undefined;
}
export interface Match<Entry> {
  /** All entries of the pattern; they differ in methods. */
  readonly entries: readonly Entry[];
  readonly params: Params;
}
export type Params = Readonly<Record<string, string>>;

interface Tail<Entry> {
  readonly pattern: string;
  readonly ending: string;
  readonly shape: RegExp;
  readonly names: readonly string[];
  readonly entries: Entry[];
}

const noParams: Params = {};

export function createRouter<Entry extends { readonly path: string }>(
  table: readonly Entry[],
): Router<Entry> {
  const exact = new Map<string, Entry[]>();
  const tails = new Map<string, Tail<Entry>[]>();
  for (const entry of table) {
    const at = entry.path.search(/[*:]/);
    if (at < 0) addTo(exact, entry.path, entry);
    else addTail(tails, entry, at);
  }
  for (const group of tails.values())
    group.sort((a, b) => staticLength(b.pattern) - staticLength(a.pattern));
  return {
    find(path) {
      const entries = exact.get(path);
      return entries ? { entries, params: noParams } : findTail(tails, path);
    },
  };
}

function findTail<Entry>(
  tails: ReadonlyMap<string, readonly Tail<Entry>[]>,
  path: string,
): Match<Entry> | undefined {
  for (let cut = path.lastIndexOf("/"); cut > 0; cut = path.lastIndexOf("/", cut - 1)) {
    const group = tails.get(path.slice(0, cut + 1));
    if (!group) continue;
    const rest = path.slice(cut + 1);
    for (const tail of group) {
      if (!rest.endsWith(tail.ending)) continue;
      const match = tail.shape.exec(rest);
      if (match) return { entries: tail.entries, params: paramsOf(tail.names, match) };
    }
  }
  return undefined;
}

function addTail<Entry extends { readonly path: string }>(
  tails: Map<string, Tail<Entry>[]>,
  entry: Entry,
  at: number,
): void {
  const group = tails.get(entry.path.slice(0, at)) ?? [];
  tails.set(entry.path.slice(0, at), group);
  const pattern = entry.path.slice(at);
  const same = group.find((tail) => tail.pattern === pattern);
  if (same) same.entries.push(entry);
  else group.push({ ...compileTail(pattern), entries: [entry] });
}

function compileTail(pattern: string): Omit<Tail<never>, "entries"> {
  const names: string[] = [];
  const shape = pattern.replace(/([*:])(\w+)/g, (_, kind: string, name: string) => {
    names.push(name);
    return kind === "*" ? "(.*)" : "([^/]*)";
  });
  const lastHole = Math.max(pattern.lastIndexOf("*"), pattern.lastIndexOf(":"));
  const ending = pattern.slice(lastHole).replace(/^[*:]\w+/, "");
  return { pattern, ending, names, shape: new RegExp(`^${shape}$`, "s") };
}

const staticLength = (pattern: string): number => pattern.replace(/[*:]\w+/g, "").length;

function paramsOf(names: readonly string[], match: RegExpExecArray): Params {
  const params: Record<string, string> = {};
  names.forEach((name, at) => {
    params[name] = match[at + 1] ?? "";
  });
  return params;
}

function addTo<Entry>(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const entries = map.get(key);
  if (entries) entries.push(entry);
  else map.set(key, [entry]);
}

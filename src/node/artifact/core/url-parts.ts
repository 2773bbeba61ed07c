/** A query as it was written: signed addresses must not be spelt anew. */
export interface RawQuery {
  /** The decoded values of the wanted keys; the first one of each counts. */
  readonly taken: ReadonlyMap<string, string>;
  readonly rest: string;
}

/** Takes what speaks to the node out of a query, and leaves what speaks to the server. */
export function takeFromQuery(query: string, keys: ReadonlySet<string>): RawQuery {
  const taken = new Map<string, string>();
  const rest: string[] = [];
  for (const pair of query.split("&").filter((part) => part !== "")) {
    const at = pair.indexOf("=");
    const key = decode(at < 0 ? pair : pair.slice(0, at));
    if (!keys.has(key)) rest.push(pair);
    else if (!taken.has(key)) taken.set(key, at < 0 ? "" : decode(pair.slice(at + 1)));
  }
  return { taken, rest: rest.join("&") };
}

/** The decoded last part of an address' path: the name of the file behind it. */
export function lastPart(url: string): string {
  const path = url.replace(/[?#].*$/s, "").replace(/^[a-z]+:\/\/[^/]*/i, "");
  return decode(path.slice(path.lastIndexOf("/") + 1).replaceAll("+", "%2B"));
}

/** Broken escapes stay as they were written. */
function decode(text: string): string {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    // A lone percent sign means itself.
    return spaced;
  }
}

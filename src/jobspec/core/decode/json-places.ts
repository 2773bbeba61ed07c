import type { JsonPath } from "../../../lib/json-path.ts";
import type { JsonNode, JsonString } from "../hcl/json-text.ts";
import type { Range } from "../hcl/source.ts";

/**
 * Where the value at the end of a path stands. Of a path that leads to what is not written, the last property on the
 * way that is: there the missing thing belongs.
 */
export function rangeInJson(root: JsonNode, path: JsonPath): Range {
  let node = root;
  let key: JsonString | undefined;
  for (const name of path) {
    const inner = insideOf(node, name);
    if (inner === undefined) break;
    ({ node, key = key } = inner);
    // A list has no names: what stands in it is told of by its own beginning.
    if (inner.key === undefined) key = undefined;
  }
  return placeOf(node, key, path.length === 0);
}

interface Inner {
  readonly node: JsonNode;
  readonly key?: JsonString;
}

/** As bodies are read: names match without regard to case, and of several the last one counts. */
function insideOf(node: JsonNode, name: string | number): Inner | undefined {
  if (node.kind === "array") {
    const item = typeof name === "number" ? node.items[name] : undefined;
    return item && { node: item };
  }
  if (node.kind !== "object") return undefined;
  const wanted = String(name);
  const isMeant = (text: string): boolean => text.toLowerCase() === wanted.toLowerCase();
  const entry =
    node.entries.findLast(({ key }) => key.content.text === wanted) ??
    node.entries.findLast(({ key }) => isMeant(key.content.text));
  return entry && { node: entry.value, key: entry.key };
}

/** Plain values are shown themselves; of those that hold others the name is, or the sign that opens them. */
function placeOf(node: JsonNode, key: JsonString | undefined, isRoot: boolean): Range {
  if (node.kind !== "object" && node.kind !== "array") return node.range;
  if (key !== undefined && !isRoot) return key.range;
  return { ...node.range, end: node.range.start + 1 };
}

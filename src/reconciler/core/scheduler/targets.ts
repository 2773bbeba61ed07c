import type { Node } from "../../../model/node.ts";

/** The value of a constraint's side on a node; undefined when the node has no such attribute. */
export function resolveTarget(target: string, node: Node): string | undefined {
  if (!target.startsWith("${") || !target.endsWith("}")) return target;
  const name = target.slice(2, -1);
  switch (name) {
    case "node.unique.id":
      return node.ID;
    case "node.unique.name":
      return node.Name;
    case "node.datacenter":
      return node.Datacenter;
    case "node.class":
      return node.NodeClass;
    case "node.pool":
      return node.NodePool;
    default:
  }
  if (name.startsWith("attr.")) return own(node.Attributes, name.slice(5));
  if (name.startsWith("meta.")) return own(node.Meta, name.slice(5));
  return undefined;
}

/** Unique targets differ between nodes of one class, so a verdict on one node says nothing of the others. */
export const isUniqueTarget = (target: string): boolean =>
  /^\$\{(?:node|attr|meta)\.unique\./.test(target);

const own = (map: { readonly [key: string]: string } | null, key: string): string | undefined =>
  map !== null && Object.hasOwn(map, key) ? map[key] : undefined;

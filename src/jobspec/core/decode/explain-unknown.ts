import { nearMiss } from "../../../lib/near-miss.ts";
import type { BlockSpec } from "./spec-types.ts";

/** What to tell about a name that a block does not have: a near one, or where it belongs. */
export function explainUnknown(kind: "argument" | "block", name: string, spec: BlockSpec): string {
  const known = Object.keys(kind === "argument" ? spec.arguments : (spec.blocks ?? {}));
  const others = Object.keys(kind === "argument" ? (spec.blocks ?? {}) : spec.arguments);
  const base =
    kind === "argument"
      ? `An argument named "${name}" is not expected here.`
      : `Blocks of type "${name}" are not expected here.`;
  if (others.includes(name))
    return kind === "argument"
      ? `${base} Did you mean to define a block of type "${name}"? Leave out the equals sign.`
      : `${base} Did you mean to define the argument "${name}"? Write an equals sign.`;
  const home = homeOf(name, spec);
  const near = nearMiss(name, [...known, ...others]);
  if (near !== undefined) return `${base} Did you mean "${near}"?`;
  return home === undefined ? base : `${base} "${name}" belongs in "${home}".`;
}

/** Arguments of the usual drivers, which people forget to put into `config`. */
const driverArguments = new Set(
  "image command args ports volumes entrypoint privileged network_mode auth mount labels".split(
    " ",
  ),
);

/** The block below this one that has the name. */
function homeOf(name: string, spec: BlockSpec): string | undefined {
  let level = Object.entries(spec.blocks ?? {});
  const seen = new Set<BlockSpec>();
  while (level.length > 0) {
    const next: typeof level = [];
    for (const [blockName, child] of level) {
      if (child.kind === "free" && blockName === "config" && driverArguments.has(name))
        return blockName;
      if (!("spec" in child) || seen.has(child.spec)) continue;
      seen.add(child.spec);
      if (Object.hasOwn(child.spec.arguments, name)) return blockName;
      if (Object.hasOwn(child.spec.blocks ?? {}, name)) return blockName;
      next.push(...Object.entries(child.spec.blocks ?? {}));
    }
    level = next;
  }
  return undefined;
}

/** Absolute and normal paths without a slash at the end. */
export interface Roots {
  readonly allocation: string;
  readonly task: string;
}

/**
 * Where an artifact goes, as parts below the allocation's directory; undefined when it would be outside. A path is
 * seen from the task's directory, unless it already is an absolute one inside the allocation's.
 */
export function placeOf(destination: string, roots: Roots): readonly string[] | undefined {
  if (destination.includes("\0")) return undefined;
  const base = partsOf(roots.allocation);
  const isWhole =
    destination === roots.allocation || destination.startsWith(`${roots.allocation}/`);
  const whole = isWhole ? destination : `${roots.task}/${destination}`;
  const parts = partsOf(whole);
  if (parts === undefined || base === undefined) return undefined;
  const isInside = base.every((part, at) => parts[at] === part);
  const inside = parts.slice(base.length);
  // The allocation's own directory is the agent's: beside the tasks' directories nobody puts anything.
  if (!isInside || inside.length === 0 || inside[0] === privateFolder) return undefined;
  return inside;
}

/** Where the node keeps what it knows and what it unpacks; no task can reach it. */
export const privateFolder = ".artifacts";

/** Steps up are followed; undefined when they lead above the root. */
function partsOf(path: string): readonly string[] | undefined {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts;
}

import type { BlockSpec, ChildSpec, Enclosing } from "./spec-types.ts";

export type NameKind = "argument" | "block";

/** A name that some block takes. */
export interface KnownName {
  readonly name: string;
  readonly kind: NameKind;
  /** The block that takes it; undefined for the top of the file. */
  readonly home: string | undefined;
  /** Steps from the block that was looked from: one for each block that is entered or left. */
  readonly distance: number;
}

/** Everything that the block at the end of `path`, the blocks inside of it and those around it take; nearest first. */
export function knownPlaces(path: readonly Enclosing[]): readonly KnownName[] {
  const found: KnownName[] = [];
  const seen = new Set<BlockSpec>();
  let level: Enclosing[] = [];
  for (let distance = 0; ; distance += 1) {
    const around = path[path.length - 1 - distance];
    if (around !== undefined) level = [around, ...level];
    if (level.length === 0) return found;
    const next: Enclosing[] = [];
    for (const { name, spec } of level) {
      if (seen.has(spec)) continue;
      seen.add(spec);
      found.push(...namesOf(spec, name, distance));
      for (const [inner, child] of Object.entries(spec.blocks ?? {}))
        next.push({ name: inner, spec: specOf(child) });
    }
    level = next;
  }
}

function namesOf(spec: BlockSpec, home: string | undefined, distance: number): KnownName[] {
  const known = (kind: NameKind, names: object): KnownName[] =>
    Object.keys(names).map((name) => ({ name, kind, home, distance }));
  return [...known("argument", spec.arguments), ...known("block", spec.blocks ?? {})];
}

/** Options of the usual drivers, which people forget to put into `config`; their tables are not of this room. */
const driverOptions: BlockSpec = {
  arguments: Object.fromEntries(
    "image command args ports volumes entrypoint privileged network_mode auth mount labels"
      .split(" ")
      .map((name) => [name, "Any:string"]),
  ),
};
const empty: BlockSpec = { arguments: {} };

function specOf(child: ChildSpec): BlockSpec {
  if ("spec" in child) return child.spec;
  return child.kind === "free" && child.key === "Config" ? driverOptions : empty;
}

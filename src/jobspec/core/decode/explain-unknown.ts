import { nearMiss } from "../../../lib/near-miss.ts";
import { knownPlaces } from "./known-places.ts";
import type { KnownName, NameKind } from "./known-places.ts";
import type { Faults } from "../hcl/source.ts";
import type { Enclosing } from "./spec-types.ts";

/** A place further off is named only when nothing in the block itself looks like the name. */
const nearbyBlocks = 1;
/** As far as a misspelt name is looked for. */
const reach = 2;

/** Where so much is wrong nobody reads on, and what helps with one name would take long for thousands. */
const mostExplained = 100;
/** Names are compared with those of many blocks. */
const stepsOfAdvice = 100;

/** What to spend on a name that is told of now. */
export const adviceSteps = (faults: Faults): number =>
  faults.list.length < mostExplained ? stepsOfAdvice : 1;

/** The names of a small block are listed where nothing else helps. */
const mostListed = 8;

/** What to tell about a name that the last block of the path does not have: a near one, or where it belongs. */
export function explainUnknown(
  kind: NameKind,
  name: string,
  { path, faults }: { readonly path: readonly Enclosing[]; readonly faults: Faults },
): string {
  const base =
    kind === "argument"
      ? `An argument named "${name}" is not expected here.`
      : `Blocks of type "${name}" are not expected here.`;
  return faults.list.length < mostExplained ? `${base}${adviceOn(kind, name, path)}` : base;
}

function adviceOn(kind: NameKind, name: string, path: readonly Enclosing[]): string {
  const known = knownPlaces(path);
  const own = known.filter((place) => place.distance === 0);
  if (own.some((place) => place.name === name))
    return kind === "argument"
      ? ` Did you mean to define a block of type "${name}"? Leave out the equals sign.`
      : ` Did you mean to define the argument "${name}"? Write an equals sign.`;
  const homes = homesOf(kind, name, known);
  const belongs = ` "${name}" belongs ${homesText(homes)}.`;
  if (homes.some((place) => place.distance <= nearbyBlocks)) return belongs;
  const near = nearMiss(name, namesOf(own));
  if (near !== undefined) return ` Did you mean "${near}"?`;
  if (homes.length > 0) return belongs;
  const within = known.filter((place) => place.distance <= reach);
  const far = nearMiss(name, namesOf(within));
  if (far !== undefined)
    return ` Did you mean "${far}"? It belongs ${homesText(homesOf(kind, far, within))}.`;
  const names = [...namesOf(own)];
  return names.length > mostListed ? "" : ` Expected here: ${listed(names) || "nothing"}.`;
}

/** The name of this block that was most likely meant. */
export const meantName = (name: string, path: readonly Enclosing[]): string | undefined =>
  nearMiss(name, namesOf(knownPlaces(path.slice(-1)).filter((place) => place.distance === 0)));

const namesOf = (places: readonly KnownName[]): ReadonlySet<string> =>
  new Set(places.map((place) => place.name));

/** The nearest blocks that take the name as it is written; only without any, those that take it the other way. */
function homesOf(kind: NameKind, name: string, known: readonly KnownName[]): readonly KnownName[] {
  const all = known.filter((place) => place.name === name);
  const sameKind = all.filter((place) => place.kind === kind);
  const fitting = sameKind.length > 0 ? sameKind : all;
  return fitting.filter((place) => place.distance === fitting[0]?.distance);
}

function homesText(homes: readonly KnownName[]): string {
  const names = [...new Set(homes.map((place) => place.home))].slice(0, 3);
  const blocks = names.filter((home) => home !== undefined);
  return blocks.length < names.length ? "at the top of the file" : `in ${listed(blocks)}`;
}

/** `"a", "b" or "c"`. */
function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.at(-1) ?? "";
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(", ")} or ${last}`;
}

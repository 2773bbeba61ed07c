import type { AllocationStub, World } from "./world.ts";

/** What each allocation is, as bindings name it: `allocation NAME of job version N`. */
export type AllocationNames = ReadonlyMap<string, string>;
type Row = { readonly [key: string]: unknown };
interface Ordering {
  readonly sortedBy?: string;
  readonly body?: unknown;
  readonly bind?: { readonly [number: string]: string };
}

export async function allocationNames(world: World): Promise<AllocationNames> {
  const all = await world.json<AllocationStub[]>("/v1/allocations?namespace=*");
  return new Map(
    all.map(({ ID, Name, JobVersion }) => [ID, `allocation ${Name} of job version ${JobVersion}`]),
  );
}

/**
 * An answer in the order of its recording, where the server's own order is not fixed: lists by the recorded keys, the
 * allocations inside a row by what the recording binds them to.
 */
export function ordered(actual: unknown, one: Ordering, allocations: AllocationNames): unknown {
  if (one.sortedBy === undefined || !Array.isArray(actual)) return actual;
  const rows = actual.toSorted(byKeys(one.sortedBy, allocations)) as readonly Row[];
  const wanted = Array.isArray(one.body) ? (one.body as readonly Row[]) : [];
  return rows.map((row, at) => withAllocationsLike(row, wanted[at], { one, allocations }));
}

function byKeys(sortedBy: string, allocations: AllocationNames): (a: Row, b: Row) => number {
  const keys = sortedBy.split(/, then |, /);
  const valueOf = (row: Row, key: string): unknown =>
    key === "the name of the allocation" ? allocations.get(String(row["AllocID"])) : row[key];
  return (a, b) => {
    for (const key of keys) {
      const [x, y] = [valueOf(a, key), valueOf(b, key)];
      const order =
        typeof x === "number" && typeof y === "number" ? x - y : compare(String(x), String(y));
      if (order !== 0) return order;
    }
    return 0;
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function withAllocationsLike(
  row: Row,
  wanted: Row | undefined,
  { one, allocations }: { readonly one: Ordering; readonly allocations: AllocationNames },
): Row {
  const { Allocs } = row;
  const like = wanted?.["Allocs"];
  if (!Array.isArray(Allocs) || !Array.isArray(like)) return row;
  const places = new Map(
    (like as readonly Row[]).map(({ ID }, at) => [one.bind?.[String(ID)] ?? "", at]),
  );
  const placeOf = ({ ID }: Row): number =>
    places.get(allocations.get(String(ID)) ?? "") ?? like.length;
  return { ...row, Allocs: (Allocs as readonly Row[]).toSorted((a, b) => placeOf(a) - placeOf(b)) };
}

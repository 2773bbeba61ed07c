/** What the monitor of a drain remembers of an allocation. */
export interface DrainedAllocation {
  readonly id: string;
  readonly client: string;
  readonly migrating: boolean;
  readonly desired: string;
  readonly isSystem: boolean;
}

/** The lines that a newer look is worth: one a change, the most telling one first. */
export function describeDrain(
  before: ReadonlyMap<string, DrainedAllocation>,
  now: readonly DrainedAllocation[],
): readonly string[] {
  return now.flatMap((allocation) => {
    const known = before.get(allocation.id);
    if (!known) return [];
    const what = [
      ...(!known.migrating && allocation.migrating ? ["marked for migration"] : []),
      ...(known.desired === "run" && allocation.desired === "stop" ? ["draining"] : []),
      ...(known.client === allocation.client
        ? []
        : [`status ${known.client} -> ${allocation.client}`]),
    ];
    return what.map((text) => `Alloc "${allocation.id}" ${text}`);
  });
}

/** How many still have to end before the node counts as empty. */
export const stillRunning = (
  allocations: readonly DrainedAllocation[],
  ignoreSystem: boolean,
): number =>
  allocations.filter(
    (one) =>
      (one.client === "running" || one.client === "pending") && !(ignoreSystem && one.isSystem),
  ).length;

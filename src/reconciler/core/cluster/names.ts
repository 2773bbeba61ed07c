/** Allocation names are `job.group[index]`; indexes are reused, lowest first. */
export const allocationName = (jobId: string, group: string, index: number): string =>
  `${jobId}.${group}[${index}]`;

/** The index in a name, or undefined for a name that we did not make. */
export function nameIndex(name: string): number | undefined {
  const match = /\[(\d{1,9})\]$/.exec(name);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** `count` names that are not in `used`, the lowest indexes first. */
export function freeNames(
  group: { readonly jobId: string; readonly name: string },
  used: ReadonlySet<string>,
  count: number,
): string[] {
  const names: string[] = [];
  for (let index = 0; names.length < count; index += 1) {
    const name = allocationName(group.jobId, group.name, index);
    if (!used.has(name)) names.push(name);
  }
  return names;
}

/** The kernels that brought a version of Landlock's rules, newest first. */
const versions: readonly (readonly [major: number, minor: number, version: number])[] = [
  [6, 15, 7],
  [6, 12, 6],
  [6, 10, 5],
  [6, 7, 4],
  [6, 2, 3],
  [5, 19, 2],
  [5, 13, 1],
];

/**
 * The version of Landlock by the list of the kernel's security modules and its release: the kernel tells it to a system
 * call only, which this runtime has no way to make. Undefined where the module is off or nobody can tell.
 */
export function landlockVersion(modules: string | undefined, release: string): string | undefined {
  const isOn = modules?.trim().split(",").includes("landlock") === true;
  const [major, minor] = release.split(/[.-]/).map(Number);
  if (!isOn || major === undefined || minor === undefined) return undefined;
  const found = versions.find(
    ([from, after]) => major > from || (major === from && minor >= after),
  );
  return found && `v${found[2]}`;
}

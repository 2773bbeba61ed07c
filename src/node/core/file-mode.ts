const typeLetters: readonly (readonly [number, string])[] = [
  [0o040000, "d"],
  [0o120000, "L"],
  [0o010000, "p"],
  [0o140000, "S"],
  [0o060000, "D"],
  [0o020000, "Dc"],
];
const flagLetters: readonly (readonly [number, string])[] = [
  [0o4000, "u"],
  [0o2000, "g"],
  [0o1000, "t"],
];

/** A file's mode as Go prints it: `drwxr-xr-x`, `-rw-r--r--`, `dtrwxrwxrwx`. */
export function formatFileMode(mode: number): string {
  const type = typeLetters.find(([bits]) => (mode & 0o170000) === bits)?.[1] ?? "";
  const flags = flagLetters.flatMap(([bit, letter]) => ((mode & bit) === 0 ? [] : [letter]));
  const prefix = [type[0] ?? "", ...flags, type[1] ?? ""].join("") || "-";
  const permissions = "rwxrwxrwx"
    .split("")
    .map((letter, at) => ((mode & (0o400 >> at)) === 0 ? "-" : letter));
  return prefix + permissions.join("");
}

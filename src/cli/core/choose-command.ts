/** What a command line asks for, before any flag is read. */
export type Choice =
  | { readonly kind: "command"; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: "group"; readonly name: string; readonly help: boolean }
  | { readonly kind: "version" }
  | { readonly kind: "help" }
  | { readonly kind: "early-flag"; readonly flag: string }
  | { readonly kind: "unknown" };

/**
 * The command with the longest name that the leading words spell. A word that only begins such names is a group:
 * `job` alone, or `job moon`.
 */
export function chooseCommand(
  names: ReadonlySet<string>,
  groups: ReadonlySet<string>,
  argv: readonly string[],
): Choice {
  const [first] = argv;
  if (first === undefined) return { kind: "unknown" };
  if (/^(?:-v|--?version)$/.test(first)) return { kind: "version" };
  if (/^(?:-h|--?help)$/.test(first)) return { kind: "help" };
  if (first.startsWith("-")) return { kind: "early-flag", flag: first };
  const flagAt = argv.findIndex((word) => word.startsWith("-"));
  const words = flagAt < 0 ? argv : argv.slice(0, flagAt);
  for (let count = Math.min(3, words.length); count > 0; count--) {
    const name = words.slice(0, count).join(" ");
    if (names.has(name)) return { kind: "command", name, args: argv.slice(count) };
    if (groups.has(name)) return { kind: "group", name, help: helpWanted(argv) };
  }
  return { kind: "unknown" };
}

const helpWanted = (argv: readonly string[]): boolean =>
  argv.some((word) => /^(?:-h|--?help)$/.test(word));

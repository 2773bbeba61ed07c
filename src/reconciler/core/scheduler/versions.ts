/** Version constraints of job files: `>= 1.2, < 2.0`, `~> 1.2.3`. */
interface Version {
  readonly segments: readonly number[];
  /** How many segments were written; `~> 1.2` and `~> 1.2.0` differ. */
  readonly written: number;
  readonly prerelease: string;
}

export type VersionKind = "version" | "semver";

/** undefined: the text is no version or no constraint, which never matches. */
export function versionMatches(
  text: string,
  constraints: string,
  kind: VersionKind,
): boolean | undefined {
  const version = parseVersion(text, kind);
  if (!version) return undefined;
  let all = true;
  for (const part of constraints.split(",")) {
    const match = /^\s*(=|!=|>=|<=|>|<|~>)?\s*(\S+)\s*$/.exec(part);
    const wanted = parseVersion(match?.[2] ?? "", kind);
    if (!match || !wanted) return undefined;
    if (!satisfies(version, match[1] ?? "=", wanted, kind)) all = false;
  }
  return all;
}

export function parseVersion(text: string, kind: VersionKind): Version | undefined {
  const match = /^v?(\d{1,15}(?:\.\d{1,15})*)(?:-([0-9A-Za-z.~-]+))?(?:\+[0-9A-Za-z.~-]+)?$/.exec(
    text,
  );
  if (!match?.[1]) return undefined;
  const segments = match[1].split(".").map(Number);
  const written = segments.length;
  if (kind === "semver" && written > 3) return undefined;
  while (segments.length < 3) segments.push(0);
  return { segments, written, prerelease: match[2] ?? "" };
}

function satisfies(
  version: Version,
  operator: string,
  wanted: Version,
  kind: VersionKind,
): boolean {
  const order = compareVersions(version, wanted);
  if (operator === "=") return order === 0;
  if (operator === "!=") return order !== 0;
  // A prerelease only satisfies a range that names a prerelease of the same version; semver orders them instead.
  if (kind === "version" && version.prerelease !== "") {
    if (wanted.prerelease === "") return false;
    if (!sameSegments(version, wanted)) return false;
  }
  switch (operator) {
    case ">":
      return order > 0;
    case "<":
      return order < 0;
    case ">=":
      return order >= 0;
    case "<=":
      return order <= 0;
    case "~>":
      return order >= 0 && staysBelowNext(version, wanted);
    default:
      throw new Error(`assertion failed: ${operator} is no operator`);
  }
}

/** `~> 1.2.3` means below 1.3, `~> 1.2` below 2. */
const staysBelowNext = (version: Version, wanted: Version): boolean =>
  wanted.segments
    .slice(0, Math.max(1, wanted.written - 1))
    .every((segment, at) => version.segments[at] === segment);

function compareVersions(a: Version, b: Version): number {
  for (let at = 0; at < Math.max(a.segments.length, b.segments.length); at += 1) {
    const difference = (a.segments[at] ?? 0) - (b.segments[at] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.prerelease === b.prerelease) return 0;
  if (a.prerelease === "") return 1;
  if (b.prerelease === "") return -1;
  return comparePrereleases(a.prerelease.split("."), b.prerelease.split("."));
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [left, right] = [a[at], b[at]];
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    const [leftNumeric, rightNumeric] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (leftNumeric && rightNumeric && Number(left) !== Number(right))
      return Number(left) - Number(right);
    if (leftNumeric !== rightNumeric) return leftNumeric ? -1 : 1;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

const sameSegments = (a: Version, b: Version): boolean =>
  a.segments.length === b.segments.length && a.segments.every((s, at) => s === b.segments[at]);

/** How single values are written. All pure: "now" and the zone are handed in. */

/** The first eight characters, or all of them. */
export const shortId = (id: string | null | undefined, verbose: boolean): string =>
  verbose ? (id ?? "") : (id ?? "").slice(0, 8);

/** RFC 3339 at whole seconds in a zone that is `offsetMinutes` east of UTC; empty for a zero time. */
export function formatTime(ms: number | undefined, offsetMinutes: number): string {
  if (ms === undefined || !Number.isFinite(ms) || ms <= 0) return "";
  const local = new Date(Math.floor(ms / 1000) * 1000 + offsetMinutes * 60_000).toISOString();
  const zone =
    offsetMinutes === 0
      ? "Z"
      : `${offsetMinutes < 0 ? "-" : "+"}${two(Math.abs(offsetMinutes) / 60)}:${two(Math.abs(offsetMinutes) % 60)}`;
  return `${local.slice(0, 19)}${zone}`;
}
const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");

/** Unix milliseconds of an RFC 3339 text; undefined for null and for Go's zero time. */
export function instantMs(text: string | null | undefined): number | undefined {
  if (!text || text.startsWith("0001-")) return undefined;
  const ms = Date.parse(text);
  return Number.isFinite(ms) ? ms : undefined;
}

const units: readonly (readonly [string, number])[] = [
  ["y", 365 * 86_400],
  ["mo", 30 * 86_400],
  ["d", 86_400],
  ["h", 3600],
  ["m", 60],
  ["s", 1],
];

/** `1h3m ago`, `5m from now`: the largest unit and the next one, unless that is zero. */
export function formatRelative(ms: number, nowMs: number): string {
  // Both ends are cut to whole seconds first, as the wire's texts are.
  const seconds = Math.trunc(nowMs / 1000) - Math.trunc(ms / 1000);
  const suffix = seconds < 0 ? "from now" : "ago";
  let rest = Math.abs(seconds);
  const parts: string[] = [];
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${name}`);
    if (parts.length === 2) break;
  }
  return `${parts.length === 0 ? "0s" : parts.join("")} ${suffix}`;
}

/** IEC units: one decimal below ten, whole above. */
export function formatBytes(bytes: number): string {
  if (bytes < 10) return `${Math.trunc(bytes)} B`;
  const names = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  const power = Math.min(names.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = Math.floor((bytes / 1024 ** power) * 10 + 0.5) / 10;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${names[power] ?? "B"}`;
}
export const mebibytes = (megabytes: number): string => formatBytes(megabytes * 1024 * 1024);

/** A text in double quotes with Go's escapes. */
export function quote(text: string): string {
  const named: Readonly<Record<string, string>> = {
    '"': '\\"',
    "\\": "\\\\",
    "\x07": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
  };
  const body = text.replace(/["\\\p{C}\u2028\u2029\u00a0]/gu, (char) => {
    const known = named[char];
    if (known !== undefined) return known;
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return `"${body}"`;
}

/** Go's %.3g. */
export function threeDigits(value: number): string {
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(3)))));
  if (exponent < -4 || exponent >= 3) {
    const [mantissa = "", power = "0"] = value.toExponential(2).split("e");
    const sign = power.startsWith("-") ? "-" : "+";
    return `${mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa}e${sign}${power.replace(/^[+-]/, "").padStart(2, "0")}`;
  }
  const fixed = value.toPrecision(3);
  return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
}

/** Byte order, the order of Go's sort.Strings: never the machine's locale. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const sortedEntries = <T>(
  map: { readonly [key: string]: T } | null | undefined,
): readonly (readonly [string, T])[] => Object.entries(map ?? {}).sort(([a], [b]) => byText(a, b));

/** Prints Unix nanoseconds as RFC 3339 in UTC, down to microseconds, without trailing zeros. */
export function formatRfc3339(ns: number): string {
  const micros = Math.floor(ns / 1e3);
  const seconds = Math.floor(micros / 1e6);
  const whole = new Date(seconds * 1e3).toISOString().slice(0, 19);
  const rest = String(micros - seconds * 1e6)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return rest === "" ? `${whole}Z` : `${whole}.${rest}Z`;
}

/** Reads RFC 3339 to Unix nanoseconds at whole microseconds; undefined when it is none. */
export function parseRfc3339(text: string): number | undefined {
  const match = /^(.{19})(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (!match) return undefined;
  const seconds = Date.parse(`${match[1]}${match[3]}`);
  if (Number.isNaN(seconds)) return undefined;
  const micros = Number((match[2] ?? "").padEnd(6, "0").slice(0, 6));
  return seconds * 1e6 + micros * 1e3;
}

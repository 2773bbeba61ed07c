const unitNs: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Parses Go's duration text (`1h30m`, `250ms`, `-1.5s`, `0`) to nanoseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^([+-]?)(.*)$/s.exec(text);
  const body = match?.[2] ?? "";
  if (body === "0") return 0;
  const part = /([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)/y;
  let total = 0;
  let at = 0;
  while (at < body.length) {
    part.lastIndex = at;
    const found = part.exec(body);
    if (!found) return undefined;
    total += Number(found[1]) * (unitNs[found[2] ?? ""] ?? 0);
    at = part.lastIndex;
  }
  if (at === 0 || !Number.isFinite(total) || total > 9.223372036854775e18) return undefined;
  const rounded = Math.round(total);
  return match?.[1] === "-" ? -rounded : rounded;
}

/** Prints nanoseconds as Go does: `1h30m0s`, `250ms`, `1.5s`, `0s`. */
export function formatDuration(ns: number): string {
  if (ns === 0) return "0s";
  const sign = ns < 0 ? "-" : "";
  const magnitude = Math.abs(ns);
  if (magnitude < 1e3) return `${sign}${magnitude}ns`;
  if (magnitude < 1e6) return `${sign}${fraction(magnitude, 1e3)}µs`;
  if (magnitude < 1e9) return `${sign}${fraction(magnitude, 1e6)}ms`;
  const hours = Math.floor(magnitude / 3600e9);
  const minutes = Math.floor((magnitude % 3600e9) / 60e9);
  const seconds = fraction(magnitude % 60e9, 1e9);
  const minutePart = hours > 0 || minutes > 0 ? `${minutes}m` : "";
  return `${sign}${hours > 0 ? `${hours}h` : ""}${minutePart}${seconds}s`;
}

function fraction(value: number, unit: number): string {
  const whole = Math.floor(value / unit);
  const rest = Math.round(value - whole * unit);
  if (rest === 0) return String(whole);
  const digits = String(rest)
    .padStart(String(unit).length - 1, "0")
    .replace(/0+$/, "");
  return `${whole}.${digits}`;
}

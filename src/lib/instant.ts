/** Instants on the wire are RFC 3339 in UTC, as Go prints them: no trailing zeros in the fraction. */
export function formatInstant(ns: number): string {
  const totalMicros = Math.round(ns / 1e3);
  const seconds = Math.floor(totalMicros / 1e6);
  const micros = totalMicros - seconds * 1e6;
  const whole = new Date(seconds * 1e3).toISOString().slice(0, 19);
  const fraction = String(micros).padStart(6, "0").replace(/0+$/, "");
  return fraction === "" ? `${whole}Z` : `${whole}.${fraction}Z`;
}

/** Nanoseconds at whole microseconds, or undefined when the text is no instant. */
export function parseInstant(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const wholeMs = Date.parse(`${match?.[1]}${match?.[3]}`);
  if (match === null || Number.isNaN(wholeMs)) return undefined;
  const micros = Number((match[2] ?? "").slice(0, 6).padEnd(6, "0"));
  return (wholeMs * 1e3 + micros) * 1e3;
}

/** One measured thing: what it is, the figure, and the aim it is held against. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  readonly beside?: string;
  readonly aim?: string;
}

const rows: Figure[] = [];

/** Prints at once, so that a long run shows where it is; `printTable` shows them all again. */
export function figure(one: Figure): void {
  rows.push(one);
  process.stdout.write(`  ${line(one)}\n`);
}

const line = ({ what, value, beside, aim }: Figure): string =>
  `${what}: ${value}${beside === undefined ? "" : ` (beside ${beside})`}${aim === undefined ? "" : `; aim ${aim}`}`;

export function printTable(): void {
  const head: Figure = { what: "what", value: "figure", beside: "beside", aim: "aim" };
  const rule: Figure = { what: "---", value: "---", beside: "---", aim: "---" };
  const text = [head, rule, ...rows]
    .map(({ what, value, beside = "", aim = "" }) => `| ${what} | ${value} | ${beside} | ${aim} |`)
    .join("\n");
  process.stdout.write(`\n${text}\n`);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const seconds = (ms: number): string => `${(ms / 1e3).toFixed(2)} s`;
export const millis = (ms: number): string => `${ms.toFixed(1)} ms`;
export const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)} x`;

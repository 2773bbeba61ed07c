import type { CaseResult } from "./play-api.ts";

/**
 * How many cases of each area pass, and the first difference of each that does not. What fails and waits for a later
 * stage is told with the reason, found by the start of its name.
 */
export function scoreText(
  kind: string,
  results: readonly CaseResult[],
  later: { readonly [prefix: string]: string } = {},
): string {
  const areas = new Map<string, { passed: number; all: number }>();
  for (const { name, faults } of results) {
    const area = name.split("-")[0] ?? name;
    const score = areas.get(area) ?? { passed: 0, all: 0 };
    areas.set(area, { passed: score.passed + (faults.length === 0 ? 1 : 0), all: score.all + 1 });
  }
  const passed = results.filter((one) => one.faults.length === 0).length;
  const rows = [...areas]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([area, score]) => `  ${area.padEnd(16)} ${score.passed} of ${score.all}`);
  const reasonOf = (name: string): string | undefined =>
    Object.entries(later).find(([prefix]) => name.startsWith(prefix))?.[1];
  const failed = results.filter((one) => one.faults.length > 0);
  const failing = failed
    .filter((one) => reasonOf(one.name) === undefined)
    .map((one) => `  ${one.name}: ${one.faults[0] ?? ""}`);
  const waiting = failed.flatMap((one) => {
    const reason = reasonOf(one.name);
    return reason === undefined ? [] : [`  ${one.name} (${reason}): ${one.faults[0] ?? ""}`];
  });
  const waits = waiting.length === 0 ? "" : `, ${waiting.length} wait for later stages`;
  return [
    `${kind}: ${passed} of ${results.length}${waits}`,
    ...rows,
    "failing:",
    ...failing,
    ...(waiting.length === 0 ? [] : ["later:", ...waiting]),
  ].join("\n");
}

import type { CaseResult } from "./play-api.ts";

/** How many cases of each area pass, and the first difference of each that does not. */
export function scoreText(kind: string, results: readonly CaseResult[]): string {
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
  const failing = results
    .filter((one) => one.faults.length > 0)
    .map((one) => `  ${one.name}: ${one.faults[0] ?? ""}`);
  return [`${kind}: ${passed} of ${results.length}`, ...rows, "failing:", ...failing].join("\n");
}

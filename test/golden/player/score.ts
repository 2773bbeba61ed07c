import type { CaseResult } from "./play-api.ts";

/** Why a failing case may fail: the later stage that it waits for; undefined when it may not. */
export type ReasonToWait = (one: CaseResult) => string | undefined;

/** `GOLDEN_ONLY=agent-self,node-read npm run golden` shows every fault of these cases. */
const inFull: ReadonlySet<string> = new Set((process.env["GOLDEN_ONLY"] ?? "").split(","));

/** How many cases of each area pass, which later stage others wait for, and the first faults of the rest. */
export function scoreText(
  kind: string,
  results: readonly CaseResult[],
  waitsFor: ReasonToWait,
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
  const failing = results.filter((one) => one.faults.length > 0);
  const waiting = failing.filter((one) => waitsFor(one) !== undefined);
  const shown = (one: CaseResult): readonly string[] =>
    inFull.has(one.name) ? one.faults : one.faults.slice(0, 1);
  return [
    `${kind}: ${passed} of ${results.length}, ${waiting.length} wait for later stages`,
    ...rows,
    "waiting for later stages:",
    ...waitingRows(waiting, waitsFor),
    "failing:",
    ...failing
      .filter((one) => waitsFor(one) === undefined || inFull.has(one.name))
      .flatMap((one) => shown(one).map((fault) => `  ${one.name}: ${fault}`)),
  ].join("\n");
}

function waitingRows(waiting: readonly CaseResult[], waitsFor: ReasonToWait): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const one of waiting) {
    const reason = waitsFor(one) ?? "";
    byReason.set(reason, [...(byReason.get(reason) ?? []), one.name]);
  }
  return [...byReason].map(([reason, names]) => `  ${reason}: ${names.join(", ")}`);
}

import { isWhole, type ScenarioResult } from "./play-scenario.ts";

/** Scenarios that need what the agent cannot do yet, each with what it waits for. */
export const laterStages: { readonly [scenario: string]: string } = {
  "artifact-fails": "artifacts",
  "dispatch-idempotency": "dispatched jobs",
  "job-scale": "scaling",
  "periodic-force": "forcing periodic jobs",
  "service-check": "services and their checks",
  "template-variables": "templates and variables",
};

export function scenarioScoreText(results: readonly ScenarioResult[]): string {
  const passed = results.filter(isWhole);
  const waiting = results.filter((one) => !isWhole(one) && one.name in laterStages);
  const rows = results.map(({ name, parts, seconds }) => {
    const good = parts.filter((one) => one.faults.length === 0).length;
    return `  ${name.padEnd(32)} ${good} of ${parts.length} parts, ${seconds} s`;
  });
  const failing = results
    .filter((one) => !isWhole(one) && !(one.name in laterStages))
    .map((one) => {
      const faults = one.parts.flatMap(({ part, faults }) => faults.map((f) => `${part} ${f}`));
      return [`  ${one.name}:`, ...faults.slice(0, 3).map((fault) => `    ${fault}`)].join("\n");
    });
  return [
    `scenarios: ${passed.length} of ${results.length}, ${waiting.length} wait for later stages`,
    ...rows,
    "waiting:",
    ...waiting.map(({ name }) => `  ${name.padEnd(32)} ${laterStages[name]}`),
    "failing:",
    ...failing,
  ].join("\n");
}

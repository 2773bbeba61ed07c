import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  isWhole,
  playScenarios,
  type ScenarioResult,
  scenarioNames,
} from "./player/play-scenario.ts";
import { laterStages, scenarioScoreText } from "./player/scenario-score.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Writes down what passed: `GOLDEN_HOLD=1 npm run golden`. Of what is not whole yet, its passing parts. */
function hold(results: readonly ScenarioResult[]): void {
  const whole = results.filter(isWhole).map((one) => one.name);
  const parts = Object.fromEntries(
    results
      .filter((one) => !isWhole(one) && !(one.name in laterStages))
      .map(({ name, parts }) => [
        name,
        parts.filter((one) => one.faults.length === 0).map((one) => one.part),
      ]),
  );
  writeFileSync(
    new URL("held-scenario.json", import.meta.url),
    `${JSON.stringify({ whole, parts }, undefined, 2)}\n`,
  );
}

/** `GOLDEN_ONLY=revert,gc` plays only those. */
test("the recorded scenarios", async () => {
  const only = process.env["GOLDEN_ONLY"]?.split(",");
  const names = scenarioNames().filter((name) => only?.includes(name) ?? true);
  const results = await playScenarios(names, 3, ({ name, seconds }) => {
    say(`scenario ${name} played in ${seconds} s`);
  });
  say(scenarioScoreText(results));
  expect(results.map((one) => one.name)).toEqual(names);
  if (process.env["GOLDEN_HOLD"] === "1" && only === undefined) hold(results);
}, 1_200_000);

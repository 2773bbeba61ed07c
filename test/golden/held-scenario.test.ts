import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { playScenarios, type ScenarioResult, scenarioNames } from "./player/play-scenario.ts";

/** Scenarios that once passed whole, and the parts that passed of the others: none of them may fail again. */
const held = JSON.parse(readFileSync(new URL("held-scenario.json", import.meta.url), "utf8")) as {
  readonly whole: readonly string[];
  readonly parts: { readonly [scenario: string]: readonly string[] };
};
const names = [...Object.keys(held.parts), ...held.whole];

const results = new Map<string, ScenarioResult>();
beforeAll(async () => {
  for (const result of await playScenarios(names, 3)) results.set(result.name, result);
}, 600_000);

describe.each(held.whole)("%s", (name) => {
  test("is as recorded", () => {
    expect(results.get(name)?.parts.filter((one) => one.faults.length > 0)).toEqual([]);
  });
});

const partly = Object.entries(held.parts).filter(([, parts]) => parts.length > 0);
test("what was held of the scenarios that are not whole is as recorded", () => {
  for (const [name, parts] of partly) {
    const failing = results.get(name)?.parts.filter((one) => one.faults.length > 0);
    expect(
      failing?.filter((one) => parts.includes(one.part)),
      name,
    ).toEqual([]);
  }
});

test("every held scenario is a recorded one", () => {
  expect(names.filter((name) => !scenarioNames().includes(name))).toEqual([]);
});

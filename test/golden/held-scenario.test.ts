import { expect, test } from "vitest";
import { heldCases } from "./player/held.ts";
import { playScenarios, scenarios } from "./player/play-scenario.ts";

test("the held scenarios", async () => {
  const held = scenarios().filter((name) => heldCases("scenarios").has(name));
  const failed = (await playScenarios(held)).filter((one) => one.faults.length > 0);
  expect(failed).toEqual([]);
}, 900_000);

test("every held scenario is a recorded one", () => {
  const names = new Set(scenarios());
  expect([...heldCases("scenarios")].filter((name) => !names.has(name))).toEqual([]);
});

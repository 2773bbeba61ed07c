import { test } from "vitest";
import { hold } from "./player/held.ts";
import { playScenarios, scenarios } from "./player/play-scenario.ts";
import { waitsForScenario } from "./player/scenario-later.ts";
import { scoreText } from "./player/score.ts";

const only = process.env["GOLDEN_ONLY"]?.split(",");

test("the recorded scenarios", async () => {
  const wanted = scenarios().filter((name) => only === undefined || only.includes(name));
  const results = await playScenarios(wanted);
  process.stdout.write(`${scoreText("scenarios", results, waitsForScenario)}\n`);
  if (only === undefined) hold("scenarios", results);
}, 1_500_000);

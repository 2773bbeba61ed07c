import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { buildState } from "./player/build-state.ts";
import { apiCases, type CaseResult, playApiCase } from "./player/play-api.ts";
import { scoreText } from "./player/score.ts";
import { dataDir, World } from "./player/world.ts";

let agent: LiveAgent;
let world: World;
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Writes down what passed: `GOLDEN_HOLD=1 npm run golden`. What is held already and failed now is dropped knowingly. */
function hold(results: readonly CaseResult[]): void {
  const api = results
    .filter((one) => one.faults.length === 0)
    .map((one) => one.name)
    .toSorted();
  writeFileSync(
    new URL("held.json", import.meta.url),
    `${JSON.stringify({ api }, undefined, 2)}\n`,
  );
}

beforeAll(async () => {
  agent = await liveAgent({ dev: true, configFiles: [join(dataDir, "scenario", "agent.hcl")] });
  await agent.start();
  world = new World(agent);
  await buildState(world, (text) => say(`state: ${text}`));
}, 240_000);
afterAll(() => agent.cleanUp());

test("the recorded reads of the API", async () => {
  const results: CaseResult[] = [];
  for (const one of apiCases("read")) results.push(await playApiCase(world, one));
  say(scoreText("api, reads", results));
  if (process.env["GOLDEN_HOLD"] === "1") hold(results);
}, 300_000);

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "vitest";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { buildState } from "./player/build-state.ts";
import { waitsForStage } from "./player/cli-later.ts";
import type { CaseResult } from "./player/play-api.ts";
import { cliCases, playCliReads, playCliWrites } from "./player/play-cli.ts";
import { scoreText } from "./player/score.ts";
import { dataDir, World } from "./player/world.ts";

const held: { cli: readonly string[]; cliWrites: readonly string[] } = { cli: [], cliWrites: [] };
const say = (text: string) => process.stdout.write(`${text}\n`);
let agent: LiveAgent | undefined;
afterEach(() => agent?.cleanUp());

async function freshWorld(): Promise<World> {
  agent = await liveAgent({ dev: true, configFiles: [join(dataDir, "scenario", "agent.hcl")] });
  await agent.start();
  const world = new World(agent);
  await buildState(world, (text) => say(`state: ${text}`));
  return world;
}

const passed = (results: readonly CaseResult[]): readonly string[] =>
  results
    .filter((one) => one.faults.length === 0)
    .map((one) => one.name)
    .toSorted();

test("the recorded reads of the command line", async () => {
  const results = await playCliReads(await freshWorld(), cliCases("read"));
  say(scoreText("cli, reads", results, waitsForStage));
  held.cli = passed(results);
}, 400_000);

test("the recorded writes of the command line", async () => {
  const results = await playCliWrites(await freshWorld(), (text) => {
    say(`writes: ${text}`);
  });
  say(scoreText("cli, writes", results, waitsForStage));
  held.cliWrites = passed(results);
  if (process.env["GOLDEN_HOLD"] === "1")
    writeFileSync(
      new URL("held-cli.json", import.meta.url),
      `${JSON.stringify(held, undefined, 2)}\n`,
    );
}, 600_000);

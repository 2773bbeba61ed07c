import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { buildState } from "./player/build-state.ts";
import { cliCases, playCliWrites } from "./player/play-cli.ts";
import { dataDir, World } from "./player/world.ts";

/** Cases that once passed, checked in: none of them may fail again. */
const held = JSON.parse(readFileSync(new URL("held-cli.json", import.meta.url), "utf8")) as {
  readonly cliWrites: readonly string[];
};

let agent: LiveAgent;
let world: World;
beforeAll(async () => {
  agent = await liveAgent({ dev: true, configFiles: [join(dataDir, "scenario", "agent.hcl")] });
  await agent.start();
  world = new World(agent);
  await buildState(world, () => undefined);
}, 240_000);
afterAll(() => agent.cleanUp());

test("the held writes of the command line", async () => {
  const results = await playCliWrites(world, () => undefined);
  const failed = results.filter(
    (one) => held.cliWrites.includes(one.name) && one.faults.length > 0,
  );
  expect(failed).toEqual([]);
}, 300_000);

test("every held write is a recorded one", () => {
  const names = cliCases("write").map((one) => one.name);
  expect(held.cliWrites.filter((name) => !names.includes(name))).toEqual([]);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { buildState } from "./player/build-state.ts";
import { cliCases, playCliReads } from "./player/play-cli.ts";
import { dataDir, World } from "./player/world.ts";

/** Cases that once passed, checked in: none of them may fail again. */
const held = JSON.parse(readFileSync(new URL("held-cli.json", import.meta.url), "utf8")) as {
  readonly cli: readonly string[];
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

test("the held reads of the command line", async () => {
  const cases = cliCases("read").filter((one) => held.cli.includes(one.name));
  const failed = (await playCliReads(world, cases)).filter((one) => one.faults.length > 0);
  expect(failed).toEqual([]);
}, 240_000);

test("every held case is a recorded one", () => {
  const names = cliCases("read").map((one) => one.name);
  expect(held.cli.filter((name) => !names.includes(name))).toEqual([]);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { buildState } from "./player/build-state.ts";
import { apiCases, playApiCase } from "./player/play-api.ts";
import { dataDir, World } from "./player/world.ts";

/** Cases that once passed, checked in: none of them may fail again. */
const held = JSON.parse(readFileSync(new URL("held.json", import.meta.url), "utf8")) as {
  readonly api: readonly string[];
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

test.each(apiCases("read").filter((one) => held.api.includes(one.name)))("$name", async (one) => {
  expect((await playApiCase(world, one)).faults).toEqual([]);
});

test("every held case is a recorded one", () => {
  const names = apiCases("read").map((one) => one.name);
  expect(held.api.filter((name) => !names.includes(name))).toEqual([]);
});

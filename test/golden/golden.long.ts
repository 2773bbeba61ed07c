import { test } from "vitest";
import { hold } from "./player/held.ts";
import { waitsFor } from "./player/later.ts";
import { apiCases, type CaseResult, playApiCase } from "./player/play-api.ts";
import { playWrites } from "./player/play-writes.ts";
import { scoreText } from "./player/score.ts";
import { withWorld } from "./player/with-world.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);
const tell = (text: string) => {
  say(`state: ${text}`);
};

test("the recorded reads of the API", async () => {
  const results: CaseResult[] = [];
  await withWorld(tell, async (world) => {
    for (const one of apiCases("read")) results.push(await playApiCase(world, one));
  });
  say(scoreText("api, reads", results, waitsFor));
  hold("api", results);
}, 300_000);

test("the recorded writes of the API", async () => {
  const results = await withWorld(tell, (world) => playWrites(world, say));
  say(scoreText("api, writes", results, waitsFor));
  hold("apiWrites", results);
}, 300_000);

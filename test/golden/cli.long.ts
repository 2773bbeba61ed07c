import { writeFileSync } from "node:fs";
import { test } from "vitest";
import { waitsForStage } from "./player/cli-later.ts";
import type { CaseResult } from "./player/play-api.ts";
import { cliCases, playCliReads, playCliWrites } from "./player/play-cli.ts";
import { scoreText } from "./player/score.ts";
import { withWorld } from "./player/with-world.ts";

const held: { cli: readonly string[]; cliWrites: readonly string[] } = { cli: [], cliWrites: [] };
const say = (text: string) => process.stdout.write(`${text}\n`);
const state = (text: string): void => {
  say(`state: ${text}`);
};
const passed = (results: readonly CaseResult[]): readonly string[] =>
  results
    .filter((one) => one.faults.length === 0)
    .map((one) => one.name)
    .toSorted();

test("the recorded reads of the command line", async () => {
  const results = await withWorld(state, (world) => playCliReads(world, cliCases("read")));
  say(scoreText("cli, reads", results, waitsForStage));
  held.cli = passed(results);
}, 400_000);

test("the recorded writes of the command line", async () => {
  const results = await withWorld(state, (world) =>
    playCliWrites(world, (text) => {
      say(`writes: ${text}`);
    }),
  );
  say(scoreText("cli, writes", results, waitsForStage));
  held.cliWrites = passed(results);
  if (process.env["GOLDEN_HOLD"] === "1")
    writeFileSync(
      new URL("held-cli.json", import.meta.url),
      `${JSON.stringify(held, undefined, 2)}\n`,
    );
}, 600_000);

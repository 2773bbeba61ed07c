import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cliCases, playCliWrites } from "./player/play-cli.ts";
import { settle } from "./player/settle.ts";
import { withWorld } from "./player/with-world.ts";

/** Cases that once passed, checked in: none of them may fail again. */
const { cliWrites } = JSON.parse(
  readFileSync(new URL("held-cli.json", import.meta.url), "utf8"),
) as { readonly cliWrites: readonly string[] };

test("the held writes of the command line", async () => {
  const silent = (): void => undefined;
  const results = await withWorld(silent, (world) =>
    playCliWrites(world, silent, (ms) => settle(world, ms)),
  );
  const failed = results.filter((one) => cliWrites.includes(one.name) && one.faults.length > 0);
  expect(failed).toEqual([]);
}, 900_000);

test("every held write is a recorded one", () => {
  const names = cliCases("write").map((one) => one.name);
  expect(cliWrites.filter((name) => !names.includes(name))).toEqual([]);
});

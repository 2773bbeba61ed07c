import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cliCases, playCliReads } from "./player/play-cli.ts";
import { withWorld } from "./player/with-world.ts";

/** Cases that once passed, checked in: none of them may fail again. */
const { cli } = JSON.parse(readFileSync(new URL("held-cli.json", import.meta.url), "utf8")) as {
  readonly cli: readonly string[];
};

test("the held reads of the command line", async () => {
  const cases = cliCases("read").filter((one) => cli.includes(one.name));
  const results = await withWorld(
    () => undefined,
    (world) => playCliReads(world, cases),
  );
  expect(results.filter((one) => one.faults.length > 0)).toEqual([]);
}, 900_000);

test("every held case is a recorded one", () => {
  const names = cliCases("read").map((one) => one.name);
  expect(cli.filter((name) => !names.includes(name))).toEqual([]);
});

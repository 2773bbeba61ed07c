import { beforeAll, describe, expect, test } from "vitest";
import { heldCases } from "./player/held.ts";
import { apiCases, type CaseResult, playApiCase } from "./player/play-api.ts";
import { playWrites } from "./player/play-writes.ts";
import { withWorld } from "./player/with-world.ts";

describe("reads of the API", () => {
  const held = heldCases("api");
  const cases = apiCases("read").filter((one) => held.has(one.name));
  const results = new Map<string, CaseResult>();
  beforeAll(
    () =>
      withWorld(
        () => undefined,
        async (world) => {
          for (const one of cases) results.set(one.name, await playApiCase(world, one));
        },
      ),
    900_000,
  );

  test("every held case is a recorded one", () => {
    expect(new Set(cases.map((one) => one.name))).toEqual(held);
  });
  test.each(cases)("$name", ({ name }) => {
    expect(results.get(name)?.faults).toEqual([]);
  });
});

describe("writes of the API", () => {
  const held = heldCases("apiWrites");
  const cases = apiCases("write").filter((one) => held.has(one.name));
  let results: readonly CaseResult[] = [];
  beforeAll(async () => {
    results = await withWorld(
      () => undefined,
      (world) => playWrites(world, () => undefined),
    );
  }, 900_000);

  test("every held case is a recorded one", () => {
    expect(new Set(cases.map((one) => one.name))).toEqual(held);
  });
  test.each(cases)("$name", ({ name }) => {
    expect(results.find((one) => one.name === name)?.faults).toEqual([]);
  });
});

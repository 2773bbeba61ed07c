import { afterAll, beforeAll, expect, test } from "vitest";
import { KillWorld, isRare, killPoints, unharmed } from "../kill-world.ts";

/** `POINTS=docker-start:before,record:after` runs only those, `PASSES=1,3` at their first and third passing. */
const points = process.env["POINTS"]?.split(",") ?? killPoints();
const passes = (process.env["PASSES"] ?? "1").split(",").map(Number);

let world: KillWorld | undefined;
beforeAll(async () => {
  world = await KillWorld.open();
}, 120_000);
afterAll(() => world?.close(), 120_000);

test.each(passes.flatMap((pass) => points.map((point) => [point, pass] as const)))(
  "killed at %s (%i), an agent goes on as if nothing had happened",
  async (point, pass) => {
    const { deaths, ...outcome } = (await world?.cycle(`${point}=${pass}`)) ?? { deaths: 0 };
    expect(outcome).toEqual(unharmed);
    if (pass === 1 && !isRare(point)) expect(deaths, "it was killed").toBe(1);
  },
  150_000,
);

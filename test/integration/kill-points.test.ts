import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../support/seeded-random.ts";
import { KillWorld, isRare, killPoints, unharmed } from "./kill-world.ts";

/** Others every day, the same all day long; KILL_SEED=N repeats those of another one. All are `npm run test:kill-points`. */
const seed = Number(process.env["KILL_SEED"] ?? Math.floor(Date.now() / 86_400_000));
const random = seededRandom(seed);
const points = killPoints().filter((point) => !isRare(point));
const chosen = Array.from(
  { length: 2 },
  () => points[Math.floor(random.fraction() * points.length)],
);

let world: KillWorld | undefined;
beforeAll(async () => {
  world = await KillWorld.open();
}, 120_000);
afterAll(() => world?.close(), 120_000);

test.each([...new Set(chosen)])(
  `killed at %s (KILL_SEED=${seed}), an agent goes on as if nothing had happened`,
  async (point) => {
    const outcome = await world?.cycle(`${point}=1`);
    expect(outcome).toEqual({ ...unharmed, deaths: 1 });
  },
  150_000,
);

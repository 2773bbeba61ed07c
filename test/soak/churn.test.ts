import { expect, test } from "vitest";
import { churn } from "./churn.ts";

/** `npm run soak -- --seed N --hours 24` is the whole day. */
test.each([1, 2])(
  "after half an hour of churn with the seed %i nothing is left and every restart has its cause",
  async (seed) => {
    const { left } = await churn(seed, 0.5);
    expect(left).toEqual([]);
  },
  120_000,
);

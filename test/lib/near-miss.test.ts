import { expect, test } from "vitest";
import { nearMiss } from "../../src/lib/near-miss.ts";

test.each([
  ["min_health_time", ["max_parallel", "min_healthy_time"], "min_healthy_time"],
  ["regoin", ["region", "reason"], "region"],
  ["Count", ["count"], "count"],
])("%s is near %j", (text, candidates, found) => {
  expect(nearMiss(text, candidates)).toBe(found);
});

test("nothing near is not guessed", () => {
  expect(nearMiss("banana", ["region", "count"])).toBeUndefined();
});

import { expect, test } from "vitest";
import { nearMiss } from "../../src/lib/near-miss.ts";

test.each([
  ["min_health_time", ["max_parallel", "min_healthy_time"], "min_healthy_time"],
  ["regoin", ["region", "reason"], "region"],
  ["Count", ["count"], "count"],
  ["cuont", ["count", "meta"], "count"],
  ["cat", ["hat", "bat"], "hat"],
])("%s is near %j", (text, candidates, found) => {
  expect(nearMiss(text, candidates)).toBe(found);
});

test("nothing near is not guessed", () => {
  expect(nearMiss("banana", ["region", "count"])).toBeUndefined();
});

test("words of any length cost little: only short ones are compared", () => {
  const long = "a".repeat(61);
  expect(nearMiss(long, [long])).toBeUndefined();
  expect(nearMiss("abcdefghijklmnopqr", ["abcdefghijklmXXXXX"])).toBeUndefined();
  expect(nearMiss("abcdefghijklmnopqr", ["abcdefghijklmnXXXX"])).toBe("abcdefghijklmnXXXX");
});

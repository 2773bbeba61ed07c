import { expect, test } from "vitest";
import { closest } from "../../../../src/jobspec/core/hcl/suggest.ts";

test("a slip of the fingers finds its word", () => {
  expect(closest("min_health_time", ["min_healthy_time", "healthy_deadline"])).toBe(
    "min_healthy_time",
  );
  expect(closest("cuont", ["count", "meta"])).toBe("count");
});

test("another word finds nothing", () => {
  expect(closest("banana", ["count", "meta"])).toBeUndefined();
});

import { expect, test } from "vitest";
import { placeOf } from "../../../../src/node/artifact/core/destination.ts";

const roots = { allocation: "/data/alloc/a1", task: "/data/alloc/a1/web" };

test.each([
  ["local/", ["web", "local"]],
  ["", ["web"]],
  ["local/x/../y", ["web", "local", "y"]],
  ["../alloc/data", ["alloc", "data"]],
  ["/local/x", ["web", "local", "x"]],
  ["/data/alloc/a1/alloc/x", ["alloc", "x"]],
  ["/data/alloc/a1/web/local", ["web", "local"]],
  ["/data/alloc/a1x", ["web", "data", "alloc", "a1x"]],
])("%j is %j", (destination, parts) => {
  expect(placeOf(destination, roots)).toEqual(parts);
});

test.each([
  "..",
  "../",
  "../..",
  "../../a2/web/local",
  "local/../../../a2",
  "/../../../etc",
  "/data/alloc/a1/../a2/web",
  "/data/alloc/a1",
  "../.artifacts/web/done",
  "local/../../.artifacts",
  "../../../../../../../../../../etc/cron.d",
  "local\0/x",
])("%j escapes", (destination) => {
  expect(placeOf(destination, roots)).toBeUndefined();
});

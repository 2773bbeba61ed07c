import { expect, test } from "vitest";
import { groupBy } from "../../src/lib/group-by.ts";

test("what has one key comes together in its order", () => {
  const groups = groupBy([3, 1, 4, 1, 5], (n) => n % 2);
  expect([...groups]).toEqual([
    [1, [3, 1, 1, 5]],
    [0, [4]],
  ]);
});

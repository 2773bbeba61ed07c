import { expect, test } from "vitest";
import { valueOf } from "../support.ts";

test("paths are cut as text", () => {
  expect(valueOf('[basename("/a/b/"), basename("x"), basename("/")]')).toEqual(["b", "x", "/"]);
  expect(valueOf('[dirname("/a/b/c.txt"), dirname("x"), dirname("/a/b/")]')).toEqual([
    "/a/b",
    ".",
    "/a/b",
  ]);
});

test("a time keeps its offset when something is added", () => {
  expect(valueOf('timeadd("2020-02-28T23:30:00+02:00", "1h30m")')).toBe(
    "2020-02-29T01:00:00+02:00",
  );
  expect(valueOf('timeadd("2020-01-01T00:00:00Z", "-1ms")')).toBe("2019-12-31T23:59:59.999Z");
});

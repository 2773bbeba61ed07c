import { expect, test } from "vitest";
import { valueOf } from "../support.ts";

test("paths are cut as text", () => {
  const names = ["/a/b/", "x", "/", "", "a//", "..", "a/.."];
  const last = ["b", "x", "/", ".", "a", "..", ".."];
  expect(names.map((path) => valueOf(`basename("${path}")`))).toEqual(last);
  const folders = ["/a/b/c.txt", "x", "/a/b/", "/", "", "a/../b/c", "//a", "../x"];
  const before = ["/a/b", ".", "/a/b", "/", ".", "b", "/", ".."];
  expect(folders.map((path) => valueOf(`dirname("${path}")`))).toEqual(before);
});

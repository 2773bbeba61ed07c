import { expect, test } from "vitest";
import { entryPath, isPlainName } from "../../../../src/node/artifact/core/entry-path.ts";

test.each(["../x", "a/../../x", "a/..", "..", "/etc/passwd", "//x", "a\0b", "a/./../b"])(
  "%j leads nowhere",
  (name) => {
    expect(entryPath(name).ok).toBe(false);
  },
);

test("steps that go nowhere vanish", () => {
  expect(entryPath("./a//b/./c/")).toEqual({ ok: true, parts: ["a", "b", "c"] });
  expect(entryPath("./")).toEqual({ ok: true, parts: [] });
  expect(entryPath("..a/b..")).toEqual({ ok: true, parts: ["..a", "b.."] });
});

test("a path has an end", () => {
  expect(entryPath("a/".repeat(128)).ok).toBe(true);
  expect(entryPath("a/".repeat(129)).ok).toBe(false);
});

test("a plain name leads nowhere else", () => {
  expect(["tool", ".env", "a b", "ä"].filter(isPlainName)).toHaveLength(4);
  expect(["", ".", "..", "a/b", "a\\b", "a\0", "x".repeat(256)].filter(isPlainName)).toEqual([]);
});

import { expect, test } from "vitest";
import { chooseArchive, withoutEnding } from "../../../../src/node/artifact/core/archive-kind.ts";

const chosen = (option: string | undefined, name: string): string => {
  const choice = chooseArchive(option, name);
  return choice.ok ? (choice.kind?.name ?? "none") : choice.error;
};

test.each([
  ["a.tar.gz", "tar.gz"],
  ["a.tgz", "tgz"],
  ["a.gz", "gz"],
  ["a.zip", "zip"],
  ["a.tar.zst", "tar.zst"],
  ["a.b.xz", "xz"],
  ["a.rar", "none"],
  ["zip", "none"],
  ["", "none"],
])("the ending of %j means %s", (name, kind) => {
  expect(chosen(undefined, name)).toBe(kind);
  expect(chosen("", name)).toBe(kind);
  expect(chosen("true", name)).toBe(kind);
});

test("the option decides over the ending", () => {
  expect(chosen("false", "a.zip")).toBe("none");
  expect(chosen("0", "a.zip")).toBe("none");
  expect(chosen("zip", "download")).toBe("zip");
  expect(chosen("rar", "a.zip")).toMatch(/^unknown archive type "rar"; known are bz2, gz, tar,/);
});

test("the ending goes with the compression", () => {
  const gz = { name: "gz", form: "file", compression: "gzip" } as const;
  expect(withoutEnding("tool.gz", gz)).toBe("tool");
  expect(withoutEnding(".gz", gz)).toBe(".gz");
  expect(withoutEnding("download", gz)).toBe("download");
});

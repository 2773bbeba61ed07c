import { expect, test } from "vitest";
import {
  parseVersion,
  versionMatches,
} from "../../../../src/reconciler/core/scheduler/versions.ts";

test.each<[string, string, boolean | undefined]>([
  ["1.2.3", "1.2.3", true],
  ["1.2.3", ">= 1.2, < 2", true],
  ["2.0", "< 2", false],
  ["1.2.9", "~> 1.2.3", true],
  ["1.3.0", "~> 1.2.3", false],
  ["1.9", "~> 1.2", true],
  ["2.0", "~> 1.2", false],
  ["1.0.0-beta", ">= 0.9", false],
  ["1.0.0-beta", ">= 1.0.0-alpha", true],
  ["1.2", "!= 1.2.0", false],
  ["nonsense", "> 1", undefined],
  ["1.2", "roughly 1", undefined],
])("version %s against %s", (version, constraint, expected) => {
  expect(versionMatches(version, constraint, "version")).toBe(expected);
});

test("semver orders prereleases instead of refusing them", () => {
  expect(versionMatches("1.0.0-beta", ">= 0.9.0", "semver")).toBe(true);
  expect(versionMatches("1.0.0-beta", "> 1.0.0", "semver")).toBe(false);
  expect(versionMatches("1.0.0-beta.2", "> 1.0.0-beta.1", "semver")).toBe(true);
});

test("a leading v and build metadata do not matter", () => {
  expect(parseVersion("v1.2+build", "version")).toEqual({
    segments: [1, 2, 0],
    written: 2,
    prerelease: "",
  });
});

import { expect, test } from "vitest";
import { landlockVersion } from "../../../src/node/core/landlock.ts";

const modules = "lockdown,capability,landlock,yama,apparmor\n";

test.each([
  ["5.13.0", "v1"],
  ["5.19.2-arch1", "v2"],
  ["6.1.0-18-amd64", "v2"],
  ["6.6.1", "v3"],
  ["6.8.0-31-generic", "v4"],
  ["6.12.1", "v6"],
  ["6.18.44", "v7"],
  ["7.0.0", "v7"],
  ["5.10.0", undefined],
  ["unknown", undefined],
])("kernel %s with the module has %s", (release, version) => {
  expect(landlockVersion(modules, release)).toBe(version);
});

test("without the module, or where nobody can tell, there is no version", () => {
  expect(landlockVersion("capability,yama", "6.8.0")).toBeUndefined();
  expect(landlockVersion(undefined, "6.8.0")).toBeUndefined();
});

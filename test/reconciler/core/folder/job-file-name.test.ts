import { expect, test } from "vitest";
import { isJobFileName } from "../../../../src/reconciler/core/folder/job-file-name.ts";

test.each(["web.nomad", "web.nomad.hcl", "web.hcl", "web.json", "web.nomad.json", "a.b.nomad"])(
  "%s is a job file",
  (name) => {
    expect(isJobFileName(name)).toBe(true);
  },
);

test.each([
  ".web.nomad",
  ".web.nomad.swp",
  "web.nomad~",
  "#web.nomad#",
  ".#web.nomad",
  "web.nomad.tmp",
  "web.tmp.nomad",
  "web.vars.hcl",
  "web.vars.json",
  "web.nv.hcl",
  "README.md",
  "4913",
])("%s is not", (name) => {
  expect(isJobFileName(name)).toBe(false);
});

import { expect, test } from "vitest";
import { canonicalJob } from "../../../../src/jobspec/core/model/canonical-job.ts";

test("id and name fall back on each other", () => {
  expect(canonicalJob({ ID: "a" })).toMatchObject({ ID: "a", Name: "a" });
  expect(canonicalJob({ Name: "b" })).toMatchObject({ ID: "b", Name: "b" });
  expect(canonicalJob({ ID: "a", Name: "b" })).toMatchObject({ ID: "a", Name: "b" });
});

test("priority zero means the default", () => {
  expect(canonicalJob({ Priority: 0 })["Priority"]).toBe(50);
});

test("only service and system jobs get an update strategy unasked", () => {
  const update = (type: string): unknown => canonicalJob({ Type: type })["Update"];
  expect(["service", "system"].map((type) => update(type) !== null)).toEqual([true, true]);
  expect(["batch", "sysbatch"].map((type) => update(type) !== null)).toEqual([false, false]);
});

test("services are named after the place where they stand", () => {
  const job = canonicalJob({
    ID: "j",
    TaskGroups: [{ Name: "g", Services: [{}], Tasks: [{ Name: "t", Services: [{}] }] }],
  });
  expect(job).toMatchObject({
    TaskGroups: [{ Services: [{ Name: "j-g" }], Tasks: [{ Services: [{ Name: "j-g-t" }] }] }],
  });
});

test("empty meta counts as none", () => {
  const job = canonicalJob({ Meta: {}, TaskGroups: [{ Meta: {}, Tasks: [{ Meta: {} }] }] });
  expect(job).toMatchObject({ Meta: null, TaskGroups: [{ Meta: null, Tasks: [{ Meta: null }] }] });
});

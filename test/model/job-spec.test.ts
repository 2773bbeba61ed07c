import { expect, test } from "vitest";
import { isParameterized, isPeriodic, isSameJobSpec } from "../../src/model/job-spec.ts";
import type { Job } from "../../src/model/job.ts";
import { admitted, admittedGroup, admittedJob, smallBody } from "../support/admitted-job.ts";

test("a job equals itself built anew", () => {
  expect(isSameJobSpec(admittedJob(), admittedJob())).toBe(true);
});

test("bookkeeping does not make another spec", () => {
  const stored = admittedJob({
    Status: "running",
    StatusDescription: "x",
    Stable: true,
    Version: 3,
    VersionTag: { Name: "a", Description: "", TaggedTime: 1 },
    SubmitTime: 5,
    CreateIndex: 6,
    ModifyIndex: 7,
    JobModifyIndex: 8,
  });
  expect(isSameJobSpec(stored, admittedJob())).toBe(true);
});

test.each([
  [{ Priority: 51 }],
  [{ Stop: true }],
  [{ Meta: { a: "b" } }],
  [{ Datacenters: ["dc1", "dc2"] }],
  [{ TaskGroups: [] }],
  [{ TaskGroups: [admittedGroup({ Count: 2 })] }],
  [{ TaskGroups: [admittedGroup({ Meta: { a: "b" } })] }],
])("%j makes another spec", (change) => {
  expect(isSameJobSpec(admittedJob(change), admittedJob())).toBe(false);
  expect(isSameJobSpec(admittedJob(), admittedJob(change))).toBe(false);
});

test("the indexes of a scaling policy do not make another spec, its bounds do", () => {
  const scaled = (change: object): Job => {
    const [group] = admitted({
      ...smallBody,
      TaskGroups: [{ Name: "g", Scaling: { Max: 3 }, Tasks: [{ Name: "t", Driver: "docker" }] }],
    }).TaskGroups;
    if (!group?.Scaling) throw new Error("the group has a policy");
    return admittedJob({ TaskGroups: [{ ...group, Scaling: { ...group.Scaling, ...change } }] });
  };
  expect(isSameJobSpec(scaled({}), scaled({ CreateIndex: 4, ModifyIndex: 5 }))).toBe(true);
  expect(isSameJobSpec(scaled({}), scaled({ Max: 4 }))).toBe(false);
});

test("a different order of map keys is the same spec", () => {
  expect(
    isSameJobSpec(
      admittedJob({ Meta: { a: "1", b: "2" } }),
      admittedJob({ Meta: { b: "2", a: "1" } }),
    ),
  ).toBe(true);
});

test("kinds of jobs are told by their blocks; a dispatched child is not parameterized", () => {
  const periodic = admitted({ ...smallBody, Type: "batch", Periodic: { Specs: ["@daily"] } });
  const parameterized = admitted({ ...smallBody, Type: "batch", ParameterizedJob: {} });
  expect([isPeriodic(periodic), isParameterized(periodic)]).toEqual([true, false]);
  expect([isPeriodic(parameterized), isParameterized(parameterized)]).toEqual([false, true]);
  expect(isParameterized({ ...parameterized, Dispatched: true })).toBe(false);
});

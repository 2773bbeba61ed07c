import { expect, test } from "vitest";
import { isSameJobSpec } from "../../src/model/job-spec.ts";
import { buildGroup, buildJob } from "../support/jobs.ts";

test("what the server keeps about a job is not part of its spec", () => {
  const other = buildJob({
    Status: "running",
    StatusDescription: "x",
    Stable: true,
    Version: 4,
    VersionTag: { Name: "a", Description: "", TaggedTime: 1 },
    SubmitTime: 1,
    CreateIndex: 2,
    ModifyIndex: 3,
    JobModifyIndex: 4,
  });
  expect(isSameJobSpec(buildJob(), other)).toBe(true);
});

test("everything else is, however deep", () => {
  for (const change of [
    { Stop: true },
    { Meta: { a: "b" } },
    { Datacenters: ["*", "dc2"] },
    { TaskGroups: [buildGroup({ Count: 2 })] },
    { TaskGroups: [buildGroup({ Tasks: [] })] },
  ])
    expect(isSameJobSpec(buildJob(), buildJob(change)), JSON.stringify(change)).toBe(false);
});

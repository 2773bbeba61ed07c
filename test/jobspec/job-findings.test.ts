import { expect, test } from "vitest";
import { admitJob } from "../../src/jobspec/admit-job.ts";
import { openCluster, smallBody } from "../support/admitted-job.ts";

test("each innermost fault is told by itself, with the way and the words for where it is", () => {
  const task = { Name: "server", Driver: "docker", Resources: { CPU: 0 } };
  const group = { Name: "web", Count: -1, Tasks: [task], StopAfterClientDisconnect: 1 };
  const admission = admitJob({ ...smallBody, Priority: 900, TaskGroups: [group] }, openCluster);
  expect(admission.ok).toBe(false);
  expect(admission.findings).toEqual([
    {
      severity: "error",
      summary: "Job priority must be between [1, 100]",
      detail: "",
      path: ["Priority"],
    },
    {
      severity: "error",
      summary: "Task group count can't be negative",
      detail: 'In group "web".',
      path: ["TaskGroups", 0, "Count"],
    },
    {
      severity: "error",
      summary: "minimum CPU value is 1; got 0",
      detail: 'In task "server" of group "web".',
      path: ["TaskGroups", 0, "Tasks", 0, "Resources", "CPU"],
    },
    expect.objectContaining({
      severity: "warning",
      path: ["TaskGroups", 0, "StopAfterClientDisconnect"],
    }),
  ]);
});

test("a job that is right has none", () => {
  expect(admitJob(smallBody, openCluster).findings).toEqual([]);
});

import { expect, test } from "vitest";
import { admitJob, multiErrorText } from "../../src/jobspec/admit-job.ts";
import { openCluster, smallBody } from "../support/admitted-job.ts";

test("a sound job is admitted with the namespace and region of the request", () => {
  const admission = admitJob(smallBody, { ...openCluster, namespace: "team-a", region: "north" });
  expect(admission).toMatchObject({
    ok: true,
    job: { ID: "example", Namespace: "team-a", Region: "north", Status: "pending" },
    warnings: [],
  });
});

test("the body's own namespace is stronger", () => {
  const admission = admitJob({ ...smallBody, Namespace: "own" }, openCluster);
  expect(admission).toMatchObject({ ok: true, job: { Namespace: "own" } });
});

test("an unknown namespace and an unknown pool are refused beside the job's own faults", () => {
  const admission = admitJob(
    { ...smallBody, ID: "a b", Name: "n", Namespace: "nowhere", NodePool: "edge" },
    { ...openCluster, namespaceExists: () => false, nodePoolExists: () => false },
  );
  expect(admission).toMatchObject({
    ok: false,
    errors: [
      'job "a b" is in nonexistent namespace "nowhere"',
      'job "a b" is in nonexistent node pool "edge"',
      "Job ID contains a space",
    ],
  });
});

test("a broken regular expression is refused", () => {
  const Constraints = [{ LTarget: "${a}", Operand: "regexp", RTarget: "(" }];
  const admission = admitJob({ ...smallBody, Constraints }, openCluster);
  expect(admission.ok ? "" : multiErrorText(admission.errors)).toContain(
    "Regular expression failed to compile",
  );
});

test("a refused job still carries its warnings", () => {
  const Periodic = { Spec: "@daily" };
  expect(admitJob({ ...smallBody, Periodic }, openCluster)).toMatchObject({
    ok: false,
    warnings: [expect.stringContaining("cron is deprecated")],
  });
});

test("whether memory_max counts is known only where a cluster is", () => {
  const [group] = smallBody.TaskGroups ?? [];
  const body = {
    ...smallBody,
    TaskGroups: [
      { ...group, Tasks: [{ Name: "t", Driver: "exec", Resources: { MemoryMaxMB: 400 } }] },
    ],
  };
  const warningsWith = (memoryOversubscription?: boolean) =>
    admitJob(body, {
      ...openCluster,
      ...(memoryOversubscription === undefined ? {} : { memoryOversubscription }),
    }).warnings;
  expect(warningsWith(false)).toHaveLength(1);
  expect(warningsWith(true)).toEqual([]);
  expect(warningsWith()).toEqual([]);
});

test("a namespace may forbid drivers", () => {
  const capabilities = { DisabledTaskDrivers: ["docker"] };
  const admission = admitJob(smallBody, {
    ...openCluster,
    namespaceCapabilities: (name) => (name === "default" ? capabilities : null),
  });
  expect(admission).toMatchObject({
    ok: false,
    errors: ['used task driver "docker" is not allowed in namespace "default"'],
  });
});

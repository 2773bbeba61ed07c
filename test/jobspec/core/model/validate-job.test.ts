import { expect, test } from "vitest";
import { textsOf } from "../../../../src/jobspec/core/model/faults.ts";
import type { Job } from "../../../../src/model/job.ts";
import { jobFaults } from "../../../../src/jobspec/core/model/validate-job.ts";
import { admittedJob } from "../../../support/admitted-job.ts";
import { multiErrorText } from "../../../../src/jobspec/core/model/faults.ts";
import { faultsOfGroup, faultsOfJob, faultsOfTask } from "../../../support/job-faults.ts";

const noRegexFault = (): undefined => undefined;

test("a sound job has no faults", () => {
  expect(textsOf(jobFaults(admittedJob(), noRegexFault))).toEqual([]);
});

test.each([
  [{ ID: "two words", Name: "x" }, "Job ID contains a space"],
  [{ ID: "a\0b", Name: "x" }, "Job ID contains a null character"],
  [{ Name: "a\0b" }, "Job Name contains a null character"],
  [{ ID: "", Name: "" }, "Missing job ID\nMissing job name"],
  [{ Type: "daemon" }, 'Invalid job type: "daemon"'],
  [{ Priority: 500 }, "Job priority must be between [1, 100]"],
  [{ Datacenters: ["a", ""] }, "Job datacenter must be non-empty string"],
  [{ TaskGroups: [] }, "Missing job task groups"],
  [{ UI: { Description: "x".repeat(1001) } }, "UI description must be under 1000 characters"],
  [{ Payload: "aGk=" }, "job can't be submitted with a payload, only dispatched"],
  [{ ParameterizedJob: {} }, 'Parameterized job can only be used with "batch" or "sysbatch"'],
  [{ Periodic: { Specs: ["@daily"] } }, 'Periodic can only be used with "batch" or "sysbatch"'],
])("the job %j is refused with exactly that", (body, fault) => {
  expect(faultsOfJob(body)).toMatch(new RegExp(`^${fault.replace(/[[\]()]/g, "\\$&")}[^\n]*$`));
});

test.each([
  [{ Spec: "@daily", Specs: ["@hourly"] }, "Only cron or crons may be used"],
  [{}, "Must specify a spec"],
  [{ Specs: ["x"] }, 'Invalid cron spec "x": missing field(s)'],
  [{ Specs: ["@daily"], SpecType: "moon" }, 'Unknown periodic specification type "moon"'],
  [
    { Specs: ["@daily"], TimeZone: "Mars/Olympus" },
    'Invalid time zone "Mars/Olympus": unknown time zone Mars/Olympus',
  ],
])("periodic %j is refused", (periodic, fault) => {
  expect(faultsOfJob({ Type: "batch", Periodic: periodic })).toBe(multiErrorText([fault]));
});

test("what is wrong inside one block is one entry of the answer", () => {
  const periodic = { Specs: ["x", "y"], TimeZone: "Mars/Olympus" };
  const text = faultsOfJob({ Type: "service", Periodic: periodic });
  expect(text).toMatch(/^Periodic can only be used with .*\n3 errors occurred:\n/);
});

test("the description of a job's ui is measured in bytes", () => {
  expect(faultsOfJob({ UI: { Description: "é".repeat(500) } })).toBe("");
  expect(faultsOfJob({ UI: { Description: "é".repeat(501) } })).toBe(
    "UI description must be under 1000 characters, currently 1002",
  );
});

test("the identity of a service has a name", () => {
  const Services = [{ Name: "s", Identity: { Audience: ["a"] } }];
  expect(faultsOfGroup({ Services })).toBe(
    "Service s in task group g has an identity with an empty name",
  );
  expect(faultsOfTask({ Services })).toBe("Service s in task t has an identity with an empty name");
  expect(faultsOfGroup({ Services: [{ Name: "s", Identity: { Name: "i" } }] })).toContain(
    "Service identity must provide at least one target aud value",
  );
});

test("a disabled periodic block is not looked at", () => {
  expect(faultsOfJob({ Periodic: { Enabled: false } })).toBe("");
});

test.each([
  [{ Payload: "maybe" }, 'Unknown payload requirement: "maybe"'],
  [
    { MetaRequired: ["b", "a"], MetaOptional: ["a", "b", "c"] },
    "Required and optional meta keys should be disjoint. Following keys exist in both: [a b]",
  ],
])("parameterized %j is refused", (config, fault) => {
  expect(faultsOfJob({ Type: "batch", ParameterizedJob: config })).toBe(multiErrorText([fault]));
});

test("groups are told apart by name", () => {
  const group = { Name: "g", Tasks: [{ Name: "t", Driver: "exec" }] };
  expect(faultsOfJob({ TaskGroups: [group, group] })).toBe(
    "Job task group 2 redefines 'g' from group 1",
  );
  expect(faultsOfJob({ TaskGroups: [{ ...group, Name: "" }] })).toMatch(
    /^Job task group 1 missing name\nTask group {2}validation failed: 1 error occurred:\n\t\* Missing task group name/,
  );
  expect(faultsOfJob({ TaskGroups: [{ ...group, ShutdownDelay: -1 }] })).toBe(
    "ShutdownDelay must be a positive value",
  );
  expect(faultsOfJob({ Type: "system", TaskGroups: [{ ...group, Count: 2 }] })).toMatch(
    /Count cannot exceed 1 with system scheduler$/,
  );
});

test.each([
  [{ Priority: 1 }],
  [{ Priority: 100 }],
  [{ UI: { Description: "x".repeat(1000) } }],
  [{ Payload: "" }],
  [{ Type: "batch" }],
  [{ Type: "system" }],
  [{ Type: "sysbatch" }],
  [{ Type: "sysbatch", Periodic: { Specs: ["@daily", "0 0 * * *"] } }],
  [{ Type: "batch", Periodic: { Spec: "@daily", TimeZone: "Europe/Berlin" } }],
  [{ Type: "batch", Periodic: { Spec: "@daily", TimeZone: "Local" } }],
  [{ Type: "sysbatch", ParameterizedJob: { Payload: "required" } }],
  [
    {
      Type: "batch",
      ParameterizedJob: { Payload: "forbidden", MetaRequired: ["a"], MetaOptional: ["b"] },
    },
  ],
])("the job %j is just right", (body) => {
  expect(faultsOfJob(body)).toBe("");
});

test.each([
  [{ Priority: 101 }, "Job priority must be between [1, 100]"],
  [{ Priority: -1 }, "Job priority must be between [1, 100]"],
  [{ Type: "batch", Periodic: { Specs: ["@daily", "x"] } }, 'Invalid cron spec "x"'],
])("the job %j is just wrong", (body, fault) => {
  expect(faultsOfJob(body)).toContain(fault);
});

test("a group of a system job may run once, others as often as they like", () => {
  const group = (Count: number): object => ({
    Name: "g",
    Count,
    Tasks: [{ Name: "t", Driver: "exec" }],
  });
  expect(faultsOfJob({ Type: "system", TaskGroups: [group(1)] })).toBe("");
  expect(faultsOfJob({ TaskGroups: [{ ...group(5), ShutdownDelay: 0 }] })).toBe("");
  expect(faultsOfJob({ TaskGroups: [group(1), { ...group(1), Name: "" }] })).toContain(
    "Job task group 2 missing name",
  );
});

test("a job without region, namespace or datacenters is refused", () => {
  const faults = (job: Partial<Job>): readonly string[] =>
    textsOf(jobFaults(admittedJob(job), noRegexFault));
  expect(faults({ Region: "" })).toEqual(["Missing job region"]);
  expect(faults({ Namespace: "" })).toEqual(["Job must be in a namespace"]);
  expect(faults({ Datacenters: [] })).toEqual(["Missing job datacenters"]);
});

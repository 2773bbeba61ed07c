import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../../src/lib/json.ts";
import { canonicalJob } from "../../../../src/jobspec/core/model/canonical-job.ts";
import { fillStored } from "../../../../src/jobspec/core/model/fill.ts";
import { jobSchema } from "../../../../src/jobspec/core/model/job-schema.ts";
import type { Kind, Schema } from "../../../../src/jobspec/core/model/schema.ts";
import { storedJob } from "../../../../src/jobspec/core/model/stored-job.ts";
import {
  admitted,
  admittedGroup,
  admittedJob,
  admittedTask,
} from "../../../support/admitted-job.ts";

/** Keys of an interface in src/model/job.ts, read from its text: types leave nothing behind at run time. */
function modelKeys(name: string): string[] {
  const text = readFileSync("src/model/job.ts", "utf8");
  const body = new RegExp(
    `export interface ${name}(?: extends (\\w+))? \\{([\\s\\S]*?)\\n\\}`,
  ).exec(text);
  if (body === null) return [];
  const own = [...(body[2] ?? "").matchAll(/^ {2}readonly (\w+):/gm)].map(
    (match) => match[1] ?? "",
  );
  return [...own, ...(body[1] === undefined ? [] : modelKeys(body[1]))];
}
const modelNames: Record<string, string> = {
  PeriodicConfig: "PeriodicConfig",
  JobUIConfig: "JobUI",
  TaskLifecycleConfig: "TaskLifecycle",
  Action: "TaskAction",
};

function schemasIn(schema: Schema, found = new Map<string, Schema>()): Map<string, Schema> {
  if (found.has(schema.name)) return found;
  found.set(schema.name, schema);
  const visit = (kind: Kind): void => {
    if (kind.kind === "object") schemasIn(kind.schema, found);
    if (kind.kind === "list" || kind.kind === "map") visit(kind.of);
  };
  for (const field of schema.fields) if (field.stored !== undefined) visit(field.kind);
  return found;
}

const shared = [...schemasIn(jobSchema)]
  .map(([name, schema]): [string, Schema] => [modelNames[name] ?? name, schema])
  .filter(([name]) => modelKeys(name).length > 0);

test("most shapes of the table have their type in the model", () => {
  expect(shared.length).toBeGreaterThan(25);
});

test.each(shared)("the stored %s has exactly the keys of its type", (name, schema) => {
  expect(Object.keys(fillStored(schema, {})).toSorted()).toEqual(modelKeys(name).toSorted());
});

test("a job without places runs anywhere in the default pool", () => {
  const job = admittedJob();
  expect([job.Datacenters, job.NodePool, job.Status]).toEqual([["*"], "default", "pending"]);
});

test("the job keeps only the pace of its update strategy", () => {
  expect(admittedJob().Update).toMatchObject({ Stagger: 30e9, MaxParallel: 1, HealthCheck: "" });
  expect(admittedGroup().Update).toMatchObject({ HealthCheck: "checks", HealthyDeadline: 300e9 });
  expect(admitted({ ID: "b", Type: "batch", TaskGroups: small({}) }).Update).toMatchObject({
    Stagger: 0,
    MaxParallel: 0,
  });
});

test("every task has the default identity", () => {
  expect(admittedTask().Identity).toMatchObject({ Name: "default", Audience: ["nomadproject.io"] });
  const job = admitted({
    ID: "j",
    TaskGroups: [{ Name: "g", Tasks: [{ Name: "t", Driver: "exec", Identity: { Env: true } }] }],
  });
  expect(job.TaskGroups[0]?.Tasks[0]?.Identity).toMatchObject({ Name: "default", Env: true });
});

test("ports listen on the default host network and nameless checks get a name", () => {
  const Checks = [{ Type: "tcp", Interval: 1e9, Timeout: 1e9 }];
  const [group] = admitted({
    ID: "j",
    TaskGroups: small({
      Networks: [{ DynamicPorts: [{ Label: "p" }] }],
      Services: [{ Name: "s", Provider: "nomad", PortLabel: "p", Checks }],
    }),
  }).TaskGroups;
  expect(group?.Networks?.[0]?.DynamicPorts?.[0]?.HostNetwork).toBe("default");
  expect(group?.Services?.[0]?.Checks?.[0]?.Name).toBe('service: "s" check');
});

test("the old disconnect fields and volumes of unknown types are dropped", () => {
  const [group] = admitted({
    ID: "j",
    TaskGroups: small({
      MaxClientDisconnect: 1,
      StopAfterClientDisconnect: 1,
      PreventRescheduleOnLost: true,
      Volumes: { v: { Type: "tape", Source: "x" } },
    }),
  }).TaskGroups;
  expect(group).toMatchObject({
    MaxClientDisconnect: null,
    StopAfterClientDisconnect: null,
    PreventRescheduleOnLost: false,
    Volumes: null,
  });
});

test("a scaling policy does not keep the indexes that a version read back brings along", () => {
  const groups = small({ Scaling: { Max: 3, CreateIndex: 12, ModifyIndex: 15 } });
  expect(admitted({ ID: "j", TaskGroups: groups }).TaskGroups[0]?.Scaling).toMatchObject({
    CreateIndex: 0,
    ModifyIndex: 0,
  });
});

test("a scaling policy points at its group and keeps its id", () => {
  const scaling = (): unknown =>
    admitted({ ID: "j", TaskGroups: small({ Scaling: { Max: 3 } }) }).TaskGroups[0]?.Scaling;
  expect(scaling()).toMatchObject({
    Type: "horizontal",
    Min: 1,
    Max: 3,
    Enabled: true,
    Target: { Namespace: "default", Job: "j", Group: "g" },
    ID: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/),
  });
  expect(scaling()).toEqual(scaling());
});

test("what the server decides is not taken from a body", () => {
  const body = { ID: "j", ParentID: "p", Version: 7, Stable: true, SubmitTime: 5, ModifyIndex: 9 };
  const job = storedJob(canonicalJob({ ...body, Status: "dead", Dispatched: true }), () => "id");
  expect(job).toMatchObject({
    ParentID: "",
    Version: 0,
    Stable: false,
    SubmitTime: 0,
    ModifyIndex: 0,
    Status: "pending",
    Dispatched: false,
    VersionTag: null,
  });
});

test("services may be named after their place", () => {
  const Services = [{ Name: "${JOB}-${TASKGROUP}-${TASK}", PortLabel: "1" }];
  const [group] = admitted({
    ID: "j",
    TaskGroups: [
      {
        Name: "g",
        Services,
        Tasks: [{ Name: "t", Driver: "exec", Services: [{ Name: "x-${BASE}" }] }],
      },
    ],
  }).TaskGroups;
  expect(group?.Services?.[0]?.Name).toBe("j-g-group");
  expect(group?.Tasks[0]?.Services?.[0]?.Name).toBe("x-j-g-t");
});

test("a service of a task says so, and so do its checks", () => {
  const service = {
    Name: "s",
    Checks: [{ Type: "script", Command: "a", Interval: 1e9, Timeout: 1e9 }],
  };
  const [group] = admitted({
    ID: "j",
    TaskGroups: [
      {
        Name: "g",
        Services: [{ ...service, Name: "of-group", TaskName: "t" }],
        Tasks: [{ Name: "t", Driver: "exec", Services: [service] }],
      },
    ],
  }).TaskGroups;
  expect(group?.Tasks[0]?.Services?.[0]).toMatchObject({
    TaskName: "t",
    Checks: [{ TaskName: "t" }],
  });
  expect(group?.Services?.[0]).toMatchObject({ TaskName: "t", Checks: [{ TaskName: "t" }] });
});

test("a payload rule is optional unless it says otherwise", () => {
  const job = storedJob(canonicalJob({ ID: "j", ParameterizedJob: {} }), () => "id");
  expect(job.ParameterizedJob).toEqual({
    Payload: "optional",
    MetaRequired: null,
    MetaOptional: null,
  });
});

function small(group: object): readonly object[] {
  return [{ Name: "g", Tasks: [{ Name: "t", Driver: "exec" }], ...group }];
}

test("a scaling policy has the same id whether its type is written or not", () => {
  const id = (scaling: object): unknown =>
    admitted({ ID: "j", TaskGroups: small({ Scaling: { Max: 3, ...scaling } }) }).TaskGroups[0]
      ?.Scaling?.ID;
  expect(id({})).toBe(id({ Type: "horizontal" }));
});

test("a service is registered in the job's namespace, or in the one of Consul that it names", () => {
  const Tasks = [{ Name: "t", Driver: "exec" }];
  const namespaceOf = (service: JsonObject): unknown =>
    storedJob(
      canonicalJob({
        ID: "j",
        Namespace: "team",
        TaskGroups: [{ Name: "g", Tasks, Services: [{ Name: "s", PortLabel: "1", ...service }] }],
      }),
      () => "id",
    ).TaskGroups[0]?.Services?.[0]?.Namespace;
  expect(namespaceOf({ Provider: "nomad" })).toBe("team");
  expect(namespaceOf({ Provider: "consul" })).toBe("default");
  expect(namespaceOf({ Provider: "consul", Namespace: "other" })).toBe("other");
});

test("every variable of a place can name a service, and a written host network stays", () => {
  const [group] = admitted({
    ID: "j",
    TaskGroups: small({
      Networks: [{ ReservedPorts: [{ Label: "p", Value: 1, HostNetwork: "public" }] }],
      Services: [{ Name: "${BASE}-${TASK}", PortLabel: "p" }],
    }),
  }).TaskGroups;
  expect(group?.Services?.[0]?.Name).toBe("j-g-group-group");
  expect(group?.Networks?.[0]?.ReservedPorts?.[0]?.HostNetwork).toBe("public");
});

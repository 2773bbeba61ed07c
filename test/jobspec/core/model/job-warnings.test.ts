import { expect, test } from "vitest";
import { textsOf } from "../../../../src/jobspec/core/model/faults.ts";
import {
  droppedWarnings,
  jobWarnings,
  memoryMaxWarnings,
} from "../../../../src/jobspec/core/model/job-warnings.ts";
import { admitted, admittedJob } from "../../../support/admitted-job.ts";

const warnings = (group: object, task: object = {}, job: object = {}): readonly string[] =>
  textsOf(
    jobWarnings(
      admitted({
        ID: "j",
        TaskGroups: [{ Name: "g", Tasks: [{ Name: "t", Driver: "exec", ...task }], ...group }],
        ...job,
      }),
    ),
  );

test("a plain job has none", () => {
  expect(textsOf(jobWarnings(admittedJob()))).toEqual([]);
});

test("services without a shutdown delay may drop connections", () => {
  const Services = [{ Name: "s", Provider: "nomad", PortLabel: "80" }];
  expect(warnings({ Services })).toEqual([
    'group "g" defines services, but neither the group nor any of its tasks have shutdown_delay set',
  ]);
  expect(warnings({ Services, ShutdownDelay: 1 })).toEqual([]);
  expect(warnings({ Services }, { ShutdownDelay: 1 })).toEqual([]);
});

test("all warnings of a group are one", () => {
  const found = warnings(
    { Count: 2, Update: { MaxParallel: 9 }, Networks: [{ MBits: 1 }] },
    { Resources: { IOPS: 1 } },
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^Group "g" has warnings: 3 errors occurred:\n\t\* Update max parallel/);
  expect(found[0]).toContain('* Task "t": IOPS has been deprecated');
});

test.each([
  [{ Resources: { Networks: [{}] } }, "task network resources have been deprecated"],
  [
    { Templates: [{ EmbeddedTmpl: "x", DestPath: "local/x", VaultGrace: 1 }] },
    "VaultGrace has been deprecated",
  ],
  [{ Identities: [{ Name: "a" }] }, "identities without an expiration are insecure"],
])("the task %j is warned about", (task, text) => {
  expect(warnings({}, task)[0]).toContain(text);
});

test("promotion must be automatic everywhere or nowhere", () => {
  const group = (name: string, auto: boolean): object => ({
    Name: name,
    Update: { Canary: 1, AutoPromote: auto },
    Tasks: [{ Name: "t", Driver: "exec" }],
  });
  const both = (a: boolean, b: boolean): readonly string[] =>
    warnings({}, {}, { TaskGroups: [group("a", a), group("b", b)] });
  expect(both(true, false)).toHaveLength(1);
  expect(both(true, true)).toEqual([]);
});

test("a single cron line is the old way", () => {
  expect(warnings({}, {}, { Type: "batch", Periodic: { Spec: "@daily" } })).toHaveLength(1);
  expect(warnings({}, {}, { Type: "batch", Periodic: { Specs: ["@daily"] } })).toEqual([]);
});

test.each([
  [{ Audience: ["a"], TTL: 0 }, ["identities without an expiration are insecure"]],
  [{ Audience: [], TTL: 1 }, ["identities without an audience are insecure"]],
  [
    { Audience: ["a", "b"], TTL: 1 },
    ["while multiple audiences are allowed, it is more secure to use 1 audience per identity"],
  ],
  [{ Audience: ["a"], TTL: 1 }, []],
])("an identity of %j deserves a word", (identity, words) => {
  const found = warnings({}, { Identities: [{ Name: "one", ...identity }] });
  expect(found).toHaveLength(words.length > 0 ? 1 : 0);
  for (const word of words) expect(found[0]).toContain(`Identity "one": ${word}`);
});

test("what is read and not kept is told", () => {
  const found = textsOf(
    droppedWarnings([
      {
        Name: "g",
        MaxClientDisconnect: 1,
        StopAfterClientDisconnect: 1,
        PreventRescheduleOnLost: true,
        Volumes: { data: { Type: "hots" }, kept: { Type: "host" }, other: { Type: "csi" } },
      },
      { Name: "h", MaxClientDisconnect: null, PreventRescheduleOnLost: false, Volumes: null },
      {},
    ]),
  );
  expect(found).toEqual([
    'Group "g": max_client_disconnect has no effect any more, use lost_after of the disconnect block',
    'Group "g": stop_after_client_disconnect has no effect any more, use stop_on_client_after of the disconnect block',
    'Group "g": prevent_reschedule_on_lost has no effect any more, use replace = false of the disconnect block',
    'Group "g": volume "data" is left out, its type "hots" is neither host nor csi',
  ]);
});

test("an identity for Vault without a vault block, and one in the environment that nobody renews", () => {
  const identity = { Name: "vault_default", Audience: ["a"], TTL: 1, ChangeMode: "restart" };
  expect(warnings({}, { Identities: [identity] })).toEqual([
    "Task t has an identity called vault_default but no vault block",
  ]);
  const loud = { ...identity, Name: "x", Env: true, ChangeMode: "noop" };
  expect(warnings({}, { Identities: [loud] })).toEqual([
    expect.stringContaining('using env=true without change_mode="restart"'),
  ]);
  expect(warnings({}, { Identities: [{ ...loud, ChangeMode: "restart" }] })).toEqual([]);
});

test("the identity of a service is looked at too", () => {
  const Services = [{ Name: "s", Identity: { Name: "i", Audience: ["a"] } }];
  expect(warnings({ Services, ShutdownDelay: 1 })).toEqual([
    expect.stringContaining('Service "s": identities without an expiration are insecure'),
  ]);
});

test("memory beyond what is asked for is not there unless the cluster says so", () => {
  const job = (MemoryMaxMB: number) =>
    admitted({
      ID: "j",
      TaskGroups: [
        { Name: "g", Tasks: [{ Name: "t", Driver: "exec", Resources: { MemoryMaxMB } }] },
      ],
    });
  expect(textsOf(memoryMaxWarnings(job(400)))).toEqual([
    expect.stringContaining('Task "g.t" memory_max value will be ignored'),
  ]);
  expect(memoryMaxWarnings(job(0))).toEqual([]);
});

test("a group whose update fits is not warned about", () => {
  expect(warnings({ Count: 2, Update: { MaxParallel: 2 } })).toEqual([]);
  expect(warnings({ Count: 3, Update: { MaxParallel: 1 } })).toEqual([]);
  expect(warnings({ Count: 1, Update: { MaxParallel: 9 } })).toEqual([]);
  expect(warnings({ Networks: [{ MBits: 0 }] })).toEqual([]);
});

test("a task's service counts for dropped connections too", () => {
  const Services = [{ Name: "s", Provider: "nomad" }];
  expect(warnings({}, { Services })[0]).toContain("shutdown_delay");
});

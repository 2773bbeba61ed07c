import { describe, expect, test } from "vitest";
import { buildContext, buildJob, plainJobspec, uuid } from "../support/build.ts";
import { answerOf, start } from "../support/started.ts";
import { jobContext } from "../support/job-context.ts";

describe("parsing a job file", () => {
  test("answers the bare body, completed when asked", async () => {
    const served = await start(jobContext());
    const parse = (body: object): Promise<Response> => served.put("/v1/jobs/parse", body);
    expect(await (await parse({ JobHCL: "job x {}" })).json()).toEqual({ ID: "parsed" });
    expect(await (await parse({ JobHCL: "job", Canonicalize: true })).json()).toEqual({
      ID: "parsed",
      Priority: 50,
    });
  });

  test("says where the file is wrong", async () => {
    const response = await (await start(jobContext())).put("/v1/jobs/parse", { JobHCL: "x" });
    expect(await answerOf(response)).toEqual([
      400,
      "Failed to parse job: input.hcl:1,1-2: No job; There is none.",
    ]);
  });

  test("tells all faults, counts what is too much, and hands over variables", async () => {
    const seen: unknown[] = [];
    const fault = { severity: "error", summary: "Bad", detail: "d." } as const;
    const made = buildContext(
      {},
      {
        jobspec: {
          ...plainJobspec,
          parseJob: (_, options) => {
            seen.push(options);
            return { ok: false, diagnostics: Array.from({ length: 103 }, () => fault) };
          },
        },
      },
    );
    const response = await (
      await start(made)
    ).put("/v1/jobs/parse", { JobHCL: "x", Variables: "a = 1" });
    const lines = (await answerOf(response))[1].split("\n");
    expect(lines.slice(0, 2)).toEqual([
      "Failed to parse job: input.hcl:1,1-2: Bad; d.",
      "input.hcl:1,1-2: Bad; d.",
    ]);
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe("and 3 other diagnostic(s)");
    expect(seen).toEqual([
      { file: "input.hcl", variableFiles: [{ file: "input.hcl", text: "a = 1" }] },
    ]);
  });
});

describe("planning", () => {
  test("shows what would change and writes nothing", async () => {
    const made = jobContext();
    const response = await (
      await start(made)
    ).put("/v1/job/web/plan", { Job: { ID: "web" }, Diff: true });
    expect(await response.json()).toMatchObject({
      Annotations: { DesiredTGUpdates: { front: { Place: 1 } } },
      FailedTGAllocs: null,
      JobModifyIndex: 22,
      CreatedEvals: null,
      Diff: { Type: "Edited", ID: "web" },
      NextPeriodicLaunch: null,
      Warnings: "",
      Index: 22,
    });
    expect(made.store.commands).toEqual([]);
  });

  test("of a new job has index 0, and no diff unless asked", async () => {
    const response = await (
      await start(jobContext())
    ).put("/v1/job/new/plan", { Job: { ID: "new" } });
    expect(response.headers.get("x-nomad-index")).toBe("0");
    expect(await response.json()).toMatchObject({ JobModifyIndex: 0, Diff: null });
  });

  test("refuses a body for another job", async () => {
    const response = await (await start(jobContext())).put("/v1/job/x/plan", { Job: { ID: "y" } });
    expect(await answerOf(response)).toEqual([400, "Job ID does not match"]);
  });
});

describe("validating", () => {
  test("tells all faults in one text", async () => {
    const served = await start(jobContext());
    const ok = await served.put("/v1/validate/job", { Job: { ID: "a" } });
    expect(await ok.json()).toEqual({
      DriverConfigValidated: true,
      ValidationErrors: null,
      Error: "",
      Warnings: "",
    });
    const bad = await served.put("/v1/validate/job", { Job: { ID: "a", Namespace: "gone" } });
    expect(await bad.json()).toMatchObject({
      ValidationErrors: ["namespace gone is not there"],
      Error: "1 error occurred:\n\t* namespace gone is not there\n\n",
    });
  });
});

describe("evaluating again", () => {
  test("writes an evaluation", async () => {
    const made = jobContext();
    const response = await (await start(made)).put("/v1/job/web/evaluate");
    expect(await response.json()).toMatchObject({ JobModifyIndex: 22, EvalCreateIndex: 101 });
    expect(made.store.commands).toMatchObject([
      { type: "evaluation.upsert", body: { evaluations: [{ TriggeredBy: "job-register" }] } },
    ]);
  });

  test("with force replaces nothing in a group that is never rescheduled", async () => {
    const made = jobContext();
    await (
      await start(made)
    ).put("/v1/job/web/evaluate", { JobID: "web", EvalOptions: { ForceReschedule: true } });
    expect(made.store.commands).toMatchObject([{ body: { transitions: [] } }]);
  });

  test("with force tries failed allocations again that were not replaced", async () => {
    const made = jobContext();
    const [job] = made.store.tables.jobs;
    if (job === undefined) throw new Error("no job");
    const ReschedulePolicy = {
      Attempts: 0,
      Interval: 0,
      Delay: 30e9,
      DelayFunction: "constant" as const,
      MaxDelay: 0,
      Unlimited: true,
    };
    const TaskGroups = job.TaskGroups.map((group) => ({ ...group, ReschedulePolicy }));
    made.store.tables.jobs[0] = { ...job, TaskGroups };
    await (
      await start(made)
    ).put("/v1/job/web/evaluate", { JobID: "web", EvalOptions: { ForceReschedule: true } });
    expect(made.store.commands).toMatchObject([
      {
        type: "allocation.transition",
        body: {
          transitions: [{ allocationId: uuid(2), transition: { ForceReschedule: true } }],
          evaluations: [{ JobID: "web" }],
        },
      },
    ]);
  });

  test.each([
    ["nothing", { JobID: "nothing" }, 500, "job not found"],
    ["cron", { JobID: "cron" }, 500, "can't evaluate periodic job"],
    ["web", {}, 400, "JobID must be specified"],
    ["web", { JobID: "api" }, 400, "Job ID does not match"],
  ])("of %s with %j is refused", async (id, body, status, text) => {
    const response = await (await start(jobContext())).put(`/v1/job/${id}/evaluate`, body);
    expect(await answerOf(response)).toEqual([status, text]);
  });
});

describe("reverting", () => {
  test("registers the older version again", async () => {
    const made = jobContext();
    const response = await (
      await start(made)
    ).put("/v1/job/web/revert", { JobID: "web", JobVersion: 1, EnforcePriorVersion: 2 });
    expect(response.headers.get("x-nomad-knownleader")).toBe("false");
    expect(await response.json()).toMatchObject({ EvalCreateIndex: 101, Warnings: "" });
    expect(made.store.commands).toMatchObject([
      { type: "job.register", body: { job: { ID: "web", Version: 1 }, enforceIndex: 22 } },
    ]);
  });

  test.each([
    [{ JobID: "web", JobVersion: 2 }, "can't revert to current version"],
    [{ JobID: "web", JobVersion: 55 }, 'job "web" in namespace "default" at version 55 not found'],
    [
      { JobID: "web", JobVersion: 0, EnforcePriorVersion: 1 },
      "Current job has version 2; enforcing version 1",
    ],
  ])("with %j is refused", async (body, text) => {
    const response = await (await start(jobContext())).put("/v1/job/web/revert", body);
    expect(await answerOf(response)).toEqual([500, text]);
  });
});

describe("the other writes of a job", () => {
  test("mark a version stable", async () => {
    const made = jobContext();
    const body = { JobID: "web", JobVersion: 1, Stable: true };
    const response = await (await start(made)).put("/v1/job/web/stable", body);
    expect(await response.json()).toEqual({ Index: 101 });
    expect(made.store.commands).toMatchObject([
      { type: "job.stability", body: { version: 1, stable: true } },
    ]);
  });

  test("stop it, with a purge and without a shutdown delay when asked", async () => {
    const made = jobContext();
    const path = "/v1/job/web?purge=true&no_shutdown_delay=true&eval_priority=80";
    const response = await (await start(made)).get(path, { method: "DELETE" });
    expect(await response.json()).toMatchObject({ EvalCreateIndex: 101, VolumeEvalID: "" });
    expect(made.store.commands).toMatchObject([
      {
        type: "job.deregister",
        body: {
          purge: true,
          noShutdownDelay: true,
          evaluation: { TriggeredBy: "job-deregister", Priority: 80 },
        },
      },
    ]);
  });

  test("register a periodic job without an evaluation", async () => {
    const made = jobContext();
    const cron = buildJob("cron", { Periodic: made.store.tables.jobs[1]?.Periodic ?? null });
    const served = await start(
      Object.assign(made, {
        jobspec: {
          ...plainJobspec,
          admitJob: () => ({ ok: true, job: cron, warnings: ["careful"] }) as const,
        },
      }),
    );
    const response = await served.put("/v1/job/cron", { Job: { ID: "cron" } });
    expect(await response.json()).toMatchObject({
      EvalID: "",
      EvalCreateIndex: 0,
      Warnings: "careful",
    });
    expect(made.store.commands).toMatchObject([{ body: { evaluation: null } }]);
  });

  test("are refused while registration is switched off", async () => {
    const made = jobContext();
    made.store.tables.config = { ...made.store.tables.config, RejectJobRegistration: true };
    const response = await (await start(made)).put("/v1/jobs", { Job: { ID: "a" } });
    expect(await answerOf(response)).toEqual([
      403,
      "Job registration, dispatch, and scale are disabled by the scheduler configuration",
    ]);
  });

  test("are admitted for the namespace of the query first, then of the body, then of the job", async () => {
    const made = jobContext();
    const namespaces: unknown[] = [];
    const served = await start(
      Object.assign(made, {
        jobspec: {
          ...plainJobspec,
          admitJob: (body, options) => {
            namespaces.push([body.Namespace, options.namespace, body.Region]);
            return plainJobspec.admitJob(body, { ...options, namespace: "default" });
          },
        } satisfies typeof plainJobspec,
      }),
    );
    const Job = { ID: "a", Namespace: "job", Region: "global" };
    await served.put("/v1/jobs?namespace=query", { Job, Namespace: "body" });
    await served.put("/v1/jobs", { Job, Namespace: "body" });
    await served.put("/v1/jobs", { Job });
    await served.put("/v1/jobs", { Job: { ID: "a" } });
    expect(namespaces).toEqual([
      ["query", "query", "global"],
      ["body", "body", "global"],
      ["job", "job", "global"],
      ["default", "default", "global"],
    ]);
    const mars = await served.put("/v1/jobs", { Job: { ID: "a", Region: "mars" } });
    expect(await answerOf(mars)).toEqual([500, "No path to region"]);
  });

  test("take a body with the largest source that the job folder takes", async () => {
    const Source = 'a "b"\n'.repeat(174_000);
    const body = { Job: { ID: "a" }, Submission: { Source, Format: "hcl2" } };
    const response = await (await start(jobContext())).put("/v1/jobs", body);
    expect(response.status).not.toBe(413);
  });

  test("with a body over 8 MiB are refused, on other routes over 1 MiB", async () => {
    const served = await start(jobContext());
    expect(await answerOf(await served.put("/v1/jobs", "x".repeat(8_400_000)))).toEqual([
      413,
      "Request body of 8400000 bytes is larger than 8388608 bytes",
    ]);
    expect(await answerOf(await served.put("/v1/search", "x".repeat(1_100_000)))).toEqual([
      413,
      "Request body of 1100000 bytes is larger than 1048576 bytes",
    ]);
  });
});

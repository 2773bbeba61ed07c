import { expect, test } from "vitest";
import { runAgainst } from "../fake-agent.ts";

const counts = {
  Ignore: 0,
  Place: 0,
  Migrate: 0,
  Stop: 0,
  InPlaceUpdate: 0,
  DestructiveUpdate: 0,
  Canary: 0,
};
const plan = (change: object, type = "Edited") => ({
  body: {
    JobModifyIndex: 4,
    Diff: { Type: type, ID: "w", Fields: null, Objects: null, TaskGroups: null },
    Annotations: { DesiredTGUpdates: { g: { ...counts, ...change } } },
    Warnings: "",
  },
});
const runJob = (body: object, answer: object, ...args: string[]) =>
  runAgainst({ "PUT /v1/job/w/plan": answer }, ["job", "plan", ...args, "-"], {
    stdin: "job",
    ports: {
      loadJob: () => Promise.resolve({ ok: true, body: { ID: "w", Namespace: "n", ...body } }),
    },
  });
const run = (answer: object, ...args: string[]) => runJob({}, answer, ...args);

test("the exit code says whether something would be created or destroyed", async () => {
  expect((await run(plan({ Place: 1 }))).code).toBe(1);
  expect((await run(plan({ Stop: 1 }))).code).toBe(1);
  expect((await run(plan({ InPlaceUpdate: 2 }))).code).toBe(0);
  expect((await run(plan({ Place: 1 }, "None"))).code).toBe(0);
  expect((await run({ status: 500, text: "no" })).code).toBe(255);
});

test("says what could not be placed, and repeats the flags in the command to run", async () => {
  const failed = { NodesEvaluated: 1, ConstraintFiltered: { x: 1 } };
  const { body } = plan({ Place: 1 });
  const answer = {
    body: { ...body, FailedTGAllocs: { g: failed }, Warnings: "1 warning:\n\n* careful\n" },
  };
  const result = await run(answer, "-var", "a=b", "-hcl2-strict=false", "-namespace=team");
  expect(result.out).toContain(`Scheduler dry-run:
- WARNING: Failed to place all allocations.
  Task Group "g" (failed to place 1 allocation):
    * Constraint "x": 1 nodes excluded by filter

Job Warnings:
1 warning:

* careful

Job Modify Index: 4
`);
  expect(result.out).toContain(
    'nomad job run -check-index 4 -var="a=b" -namespace="team" -hcl2-strict=false -\n',
  );
  expect(result.requests[0]?.query.get("namespace")).toBe("n");
});

test("a system job has a place on every node, and says so", async () => {
  const { body } = plan({ Place: 1 });
  const answer = { body: { ...body, FailedTGAllocs: { g: { NodesEvaluated: 1 } } } };
  const result = await runJob({ Type: "system" }, answer);
  expect(result.out).toContain("- WARNING: Failed to place allocations on all nodes.\n");
});

test("few preempted allocations are listed, many are counted", async () => {
  const { body } = plan({});
  const preempted = (length: number) =>
    Array.from({ length }, (_, at) => ({
      ID: `a${at}`,
      JobID: `j${at % 2}`,
      Namespace: "default",
      JobType: "batch",
      TaskGroup: "g",
    }));
  const show = async (length: number) =>
    (
      await run({
        body: { ...body, Annotations: { ...body.Annotations, PreemptedAllocs: preempted(length) } },
      })
    ).out;
  expect(await show(1)).toContain(
    "Preemptions:\n\nAlloc ID  Job ID  Task Group\na0        j0      g\n",
  );
  expect(await show(10)).toContain(
    "Job ID  Namespace  Job Type  Preemptions\nj0      default    batch     5\n",
  );
});

test("prints the answer alone with -json-output, and refuses two formats", async () => {
  const result = await run(plan({ Place: 1 }), "-json-output");
  expect(result.code).toBe(1);
  expect(JSON.parse(result.out)).toMatchObject({ JobModifyIndex: 4 });
  expect(await run(plan({}), "-json-output", "-t", "{{.JobModifyIndex}}")).toMatchObject({
    code: 255,
    err: "Both -json-output and -t formatting are not allowed\n",
  });
  expect((await run(plan({}), "-t", "{{.JobModifyIndex}}")).out).toBe("4\n");
});

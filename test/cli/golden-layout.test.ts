import { expect, test } from "vitest";
import { runAgainst, type CliOptions, type Routes } from "./fake-agent.ts";
import { normalize, recordedBody, recordedCommand, recordedText } from "./golden-text.ts";

import {
  id,
  jobs,
  jobsThat,
  teahouse,
  scribeRoutes,
  storm,
  stormAllocation,
  giantEvaluations,
  registered,
  usage,
  logText,
  member,
  memberTags,
  versions,
  diffs,
  plans,
  giantDeployment,
  noCounts,
} from "./golden-answers.ts";
import type { Json } from "./golden-answers.ts";

const scaled = "submitted using the Nomad CLI";

/** Commands whose agent's answers are recorded too: what they print is compared letter by letter. */
interface Case {
  readonly name: string;
  readonly argv?: readonly string[];
  readonly routes: Routes;
  readonly options?: CliOptions;
}
const cases: readonly Case[] = [
  { name: "job-status", routes: { "GET /v1/jobs": { body: jobs } } },
  { name: "status", routes: { "GET /v1/jobs": { body: jobs } } },
  { name: "job-status-none", routes: { "GET /v1/jobs": { body: [] } } },
  {
    name: "job-status-prefix-many",
    routes: { "GET /v1/jobs": jobsThat((one) => one.startsWith("g")) },
  },
  {
    name: "job-status-blocked",
    routes: {
      "GET /v1/jobs": jobsThat((one) => one === "giant"),
      "GET /v1/job/giant": { body: recordedBody("job-read-giant") },
      "GET /v1/job/giant/summary": { body: { Summary: { hill: { ...noCounts, Queued: 1 } } } },
      "GET /v1/job/giant/allocations": { body: [] },
      "GET /v1/job/giant/evaluations": { body: giantEvaluations },
      "GET /v1/job/giant/deployment": { body: giantDeployment },
    },
  },
  {
    name: "job-history-diff-tag",
    routes: {
      "GET /v1/jobs": jobsThat((one) => one === "teahouse"),
      "GET /v1/job/teahouse/versions": { body: { Versions: versions, Diffs: diffs } },
    },
  },
  {
    name: "job-history",
    routes: {
      "GET /v1/jobs": jobsThat((one) => one === "teahouse"),
      "GET /v1/job/teahouse/versions": { body: { Versions: versions } },
    },
  },
  {
    name: "plan-no-change",
    argv: ["job", "plan", "-"],
    routes: { "PUT /v1/job/scribe/plan": { body: recordedBody("job-plan-no-change") } },
    options: plans,
  },
  {
    name: "alloc-status-running",
    argv: ["alloc", "status", id(1).slice(0, 8)],
    routes: {
      "GET /v1/allocations": { body: [{ ...teahouse, JobVersion: 2 }] },
      [`GET /v1/allocation/${id(1)}`]: { body: teahouse },
      [`GET /v1/client/allocation/${id(1)}/checks`]: { body: recordedBody("allocation-checks") },
      [`GET /v1/client/allocation/${id(1)}/stats`]: {
        body: { Tasks: { pot: { ResourceUsage: usage } } },
      },
    },
  },
  {
    name: "alloc-status-failed",
    argv: ["alloc", "status", id(1).slice(0, 8)],
    routes: {
      "GET /v1/allocations": { body: storm },
      [`GET /v1/allocation/${id(1)}`]: { body: stormAllocation },
      [`GET /v1/client/allocation/${id(1)}/stats`]: {
        body: { Tasks: { thunder: { ResourceUsage: usage } } },
      },
    },
  },
  { name: "alloc-status-short-id", routes: {} },
  { name: "alloc-status-no-args", routes: {} },
  {
    name: "alloc-logs",
    argv: ["alloc", "logs", "00000001", "write"],
    routes: { ...scribeRoutes, [`GET /v1/client/fs/logs/${id(1)}`]: { text: logText } },
  },
  {
    name: "alloc-logs-tail",
    argv: ["alloc", "logs", "-tail", "-n", "2", "00000001", "write"],
    routes: { ...scribeRoutes, [`GET /v1/client/fs/logs/${id(1)}`]: { text: logText } },
  },
  { name: "alloc-logs-ambiguous-task", argv: ["alloc", "logs", "00000001"], routes: scribeRoutes },
  { name: "alloc-logs-unknown", routes: { "GET /v1/allocations": { body: [] } } },
  { name: "alloc-logs-no-args", routes: {} },
  {
    name: "alloc-restart-unknown-task",
    argv: ["alloc", "restart", "00000001", "nope"],
    routes: scribeRoutes,
  },
  {
    name: "alloc-fs-stat",
    argv: ["alloc", "fs", "-stat", "00000001", "alloc/data/notes.txt"],
    routes: {
      ...scribeRoutes,
      [`GET /v1/client/fs/stat/${id(1)}`]: { body: recordedBody("fs-stat") },
    },
  },
  {
    name: "alloc-fs-cat",
    argv: ["alloc", "fs", "00000001", "alloc/data/notes.txt"],
    routes: {
      ...scribeRoutes,
      [`GET /v1/client/fs/stat/${id(1)}`]: { body: recordedBody("fs-stat") },
      [`GET /v1/client/fs/cat/${id(1)}`]: { text: "abcdefghij" },
    },
  },
  {
    name: "alloc-fs-root",
    argv: ["alloc", "fs", "00000001"],
    routes: {
      ...scribeRoutes,
      [`GET /v1/client/fs/stat/${id(1)}`]: { body: { Name: "/", IsDir: true } },
      [`GET /v1/client/fs/ls/${id(1)}`]: {
        body: recordedBody<readonly Json[]>("fs-ls-root").map((file) => ({ ...file, Size: 4096 })),
      },
    },
  },
  {
    name: "eval-status-verbose",
    argv: ["eval", "status", "-verbose", id(1)],
    routes: {
      "GET /v1/evaluations": { body: [registered] },
      [`GET /v1/evaluation/${id(1)}`]: {
        body: {
          ...registered,
          RelatedEvals: giantEvaluations.filter((one) => one !== registered),
        },
      },
      [`GET /v1/evaluation/${id(1)}/allocations`]: { body: [] },
    },
  },
  {
    name: "eval-status",
    argv: ["eval", "status", id(2)],
    routes: {
      "GET /v1/evaluations": { body: [{ ID: id(2) }] },
      [`GET /v1/evaluation/${id(2)}`]: {
        body: {
          ...registered,
          JobID: "storm",
          Type: "batch",
          BlockedEval: "",
          FailedTGAllocs: null,
          PlanAnnotations: { DesiredTGUpdates: { sky: { Place: 1 } } },
        },
      },
      [`GET /v1/evaluation/${id(2)}/allocations`]: { body: storm },
    },
  },
  { name: "eval-status-none", routes: { "GET /v1/evaluations": { body: [] } } },
  { name: "eval-list-bad-arg", routes: {} },
  {
    name: "deployment-status",
    argv: ["deployment", "status", id(1)],
    routes: { [`GET /v1/deployment/${id(1)}`]: { body: recordedBody("deployment-read") } },
  },
  { name: "node-status", routes: { "GET /v1/nodes": { body: recordedBody("nodes-list") } } },
  { name: "node-status-none", routes: { "GET /v1/nodes": { body: [] } } },
  { name: "node-status-filter", routes: { "GET /v1/nodes": { body: [] } } },
  {
    name: "node-eligibility-both",
    argv: ["node", "eligibility", "-enable", "-disable", "x"],
    routes: {},
  },
  { name: "node-drain-no-flag", argv: ["node", "drain", "x"], routes: {} },
  { name: "old-node-drain", argv: ["node-drain", "x"], routes: {} },
  { name: "old-server-force-leave", routes: {} },
  {
    name: "namespace-list",
    routes: { "GET /v1/namespaces": { body: recordedBody("namespaces-list") } },
  },
  { name: "namespace-status-none", routes: { "GET /v1/namespaces": { body: [] } } },
  {
    name: "operator-raft-list-peers",
    routes: {
      "GET /v1/operator/raft/configuration": { body: recordedBody("operator-raft-configuration") },
    },
  },
  {
    name: "operator-api-404",
    routes: { "GET /v1/job/nothing": { status: 404, text: "job not found" } },
  },
  {
    name: "server-members",
    routes: {
      "GET /v1/agent/members": {
        body: { Members: [{ ...member, Tags: { ...memberTags, build: "2.0.5" } }] },
      },
      "GET /v1/status/leader": { body: "127.0.0.1:30000" },
    },
  },
  {
    name: "status-many",
    routes: { "PUT /v1/search": { body: { Matches: { jobs: ["garden", "giant"] } } } },
  },
  {
    name: "job-status-template",
    routes: {
      "GET /v1/jobs": jobsThat((one) => one === "lamp"),
      "GET /v1/job/lamp": { body: recordedBody("job-read-lamp") },
      "GET /v1/job/lamp/summary": { body: {} },
      "GET /v1/job/lamp/allocations": { body: [] },
      "GET /v1/job/lamp/evaluations": { body: [] },
      "GET /v1/job/lamp/deployment": { body: null },
    },
  },
  {
    name: "job-inspect-template",
    routes: {
      "GET /v1/jobs": jobsThat((one) => one === "lamp"),
      "GET /v1/job/lamp": { body: recordedBody("job-read-lamp") },
    },
  },
  { name: "job-status-json-and-template", routes: {} },
  {
    name: "alloc-checks",
    argv: ["alloc", "checks", "00000001"],
    routes: {
      ...scribeRoutes,
      [`GET /v1/client/allocation/${id(1)}/checks`]: { body: recordedBody("allocation-checks") },
    },
  },
  {
    name: "job-scaling-events-verbose",
    routes: {
      "GET /v1/jobs": jobsThat((one) => one === "teahouse"),
      "GET /v1/job/teahouse/scale": {
        body: {
          TaskGroups: {
            hall: {
              Events: [
                {
                  Time: 1_699_999_990e9,
                  Count: 3,
                  PreviousCount: 2,
                  Message: scaled,
                  EvalID: id(1),
                },
                {
                  Time: 1_699_999_995e9,
                  Count: 2,
                  PreviousCount: 3,
                  Message: scaled,
                  EvalID: id(2),
                },
              ].map((event) => ({ ...event, Error: false })),
            },
          },
        },
      },
    },
  },
  {
    name: "job-scaling-events",
    routes: {
      "GET /v1/jobs": jobsThat((one) => one === "teahouse"),
      "GET /v1/job/teahouse/scale": { body: recordedBody("job-scale-status") },
    },
  },
  {
    name: "job-scale-no-group",
    routes: {
      "GET /v1/jobs": jobsThat((one) => one === "teahouse"),
      "GET /v1/job/teahouse": { body: recordedBody("job-read-teahouse") },
    },
  },
  { name: "job-periodic-force-none", routes: { "GET /v1/jobs": { body: [] } } },
  { name: "job-dispatch-not-parameterized", routes: { "GET /v1/jobs": { body: [] } } },
  {
    name: "job-dispatch-missing-meta",
    routes: {
      "GET /v1/jobs": jobsThat((one) => one === "kiln"),
      "PUT /v1/job/kiln/dispatch": {
        status: 500,
        text: "Dispatch did not provide required meta keys: [glaze]",
      },
    },
  },
  {
    name: "job-tag-apply",
    argv: ["job", "tag", "apply", "-name", "cli", "-description", "from the shell", "teahouse"],
    routes: {
      "GET /v1/jobs": jobsThat((one) => one === "teahouse"),
      "GET /v1/job/teahouse": { body: { ID: "teahouse", Version: 4 } },
      "PUT /v1/job/teahouse/versions/cli/tag": { body: {} },
    },
  },
  {
    name: "job-tag-unset-none",
    routes: {
      "GET /v1/jobs": jobsThat((one) => one === "teahouse"),
      "DELETE /v1/job/teahouse/versions/none/tag": {
        status: 500,
        text: 'tag "none" not found on job "teahouse"',
      },
    },
  },
  {
    name: "namespace-apply",
    routes: {
      "GET /v1/namespace/team-c": { status: 404, text: "Namespace not found" },
      "PUT /v1/namespace/team-c": {},
    },
  },
  { name: "namespace-delete", routes: { "DELETE /v1/namespace/team-c": {} } },
  { name: "run-no-args", routes: {} },
  { name: "stop-no-args", routes: {} },
  {
    name: "connection-refused",
    routes: {},
    options: { env: { NOMAD_ADDR: "http://127.0.0.1:9" } },
  },
  { name: "address-flag", routes: {} },
  {
    name: "server-join-unreachable",
    routes: {
      "PUT /v1/agent/join": {
        body: {
          num_joined: 0,
          error:
            "1 error occurred:\n\t* failed to join 127.0.0.1:9: dial tcp 127.0.0.1:9: connect: connection refused\n\n",
        },
      },
    },
  },
];

test.each(cases)("$name prints what was recorded", async ({ name, argv, routes, options }) => {
  const recorded = recordedCommand(name);
  const result = await runAgainst(routes, argv ?? recorded.argv, options);
  const text = result.out === "" ? result.err : result.out;
  // The file of a plan is named as it was given.
  const shown = text.replace("-check-index 12 -\n", "-check-index 12 scribe.nomad.hcl\n");
  expect(normalize(shown.replaceAll("2.0.5", "v.v.v"))).toBe(normalize(recordedText(name)));
  expect(result.code).toBe(recorded.exit);
});

test("job inspect prints the job as JSON with sorted keys", async () => {
  const lamp = recordedBody<Json>("job-read-lamp");
  const result = await runAgainst(
    { "GET /v1/jobs": jobsThat((one) => one === "lamp"), "GET /v1/job/lamp": { body: lamp } },
    ["job", "inspect", "lamp"],
  );
  expect(JSON.parse(result.out)).toEqual({ Job: lamp });
  expect(result.out.startsWith('{\n    "Job": {\n        "AllAtOnce": false,\n')).toBe(true);
});

import { expect, test } from "vitest";
import { runAgainst, type Routes } from "../fake-agent.ts";

const source = (Path: string, State: string, more: object = {}) => ({
  Agent: "one",
  Path,
  State,
  JobID: "",
  Message: "",
  Diagnostics: null,
  ...more,
});
const routes: Routes = {
  "GET /v1/jobs": { body: [] },
  "GET /v1/jobs/sources": {
    body: [
      source("/jobs/b.nomad", "rejected", {
        Diagnostics: [
          { Line: 3, Column: 7, Summary: "Unsupported block", Detail: "no\n such block" },
          { Line: 9, Column: 1, Summary: "x", Detail: "" },
        ],
      }),
      source("/jobs/a.nomad", "accepted", { JobID: "a" }),
      source("/jobs/c.nomad", "held", { JobID: "c", Message: "too many jobs would stop" }),
    ],
  },
};

test("lists every file with what became of it and where it is wrong", async () => {
  expect((await runAgainst(routes, ["job", "sources"])).out).toBe(
    `Path           State     Job     Message
/jobs/a.nomad  accepted  a       <none>
/jobs/b.nomad  rejected  <none>  3:7: Unsupported block; no such block (and 1 more)
/jobs/c.nomad  held      c       too many jobs would stop
`,
  );
});

test("the job list ends with the files that need a look, and only with those", async () => {
  const { out } = await runAgainst(routes, ["job", "status"]);
  expect(out).toContain("No running jobs\n\nJob files that need a look\nPath ");
  expect(out).not.toContain("a.nomad");
});

test("an agent that knows no folders changes nothing about the list", async () => {
  expect((await runAgainst({ "GET /v1/jobs": { body: [] } }, ["status"])).out).toBe(
    "No running jobs\n",
  );
});

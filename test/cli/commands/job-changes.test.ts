import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runAgainst, type Routes } from "../fake-agent.ts";

const routes: Routes = {
  "GET /v1/jobs": { body: [{ ID: "web", Namespace: "team" }] },
  "PUT /v1/job/web/evaluate": { body: { EvalID: "12345678-0000" } },
  "PUT /v1/job/web/revert": { body: { EvalID: "e-2" } },
};

test("a job is asked to be evaluated in its own namespace", async () => {
  const result = await runAgainst(routes, ["job", "eval", "-force-reschedule", "-detach", "web"]);
  expect(result).toMatchObject({ code: 0, out: 'Created eval ID: "12345678" \n' });
  expect(result.requests.at(-1)).toMatchObject({
    body: { JobID: "web", EvalOptions: { ForceReschedule: true } },
  });
  expect(result.requests.at(-1)?.query.get("namespace")).toBe("team");
});

test("a version to go back to is a number or a tag", async () => {
  const byNumber = await runAgainst(routes, ["job", "revert", "-detach", "web", "3"]);
  expect(byNumber).toMatchObject({ code: 0, out: "Evaluation ID: e-2\n" });
  expect(byNumber.requests.at(-1)?.body).toEqual({ JobID: "web", JobVersion: 3 });
  const tagged = {
    ...routes,
    "GET /v1/job/web/versions": {
      body: { Versions: [{ Version: 5, VersionTag: { Name: "gold" } }] },
    },
  };
  const byTag = await runAgainst(tagged, ["job", "revert", "-detach", "web", "gold"]);
  expect(byTag.requests.at(-1)?.body).toEqual({ JobID: "web", JobVersion: 5 });
  expect((await runAgainst(tagged, ["job", "revert", "web", "tin"])).code).toBe(1);
});

test("a job without a deployment has nothing to promote", async () => {
  const none = { ...routes, "GET /v1/job/web/deployment": { body: null } };
  expect(await runAgainst(none, ["job", "promote", "web"])).toMatchObject({
    code: 1,
    err: 'Job "web" has no deployment to promote\n',
  });
});

test("lists say so when they are empty", async () => {
  const none = {
    ...routes,
    "GET /v1/job/web/allocations": { body: [] },
    "GET /v1/job/web/deployments": { body: [] },
    "GET /v1/job/web/deployment": { body: null },
  };
  expect((await runAgainst(none, ["job", "allocs", "web"])).out).toBe("No allocations placed\n");
  expect((await runAgainst(none, ["job", "deployments", "web"])).out).toBe(
    "No deployments found\n",
  );
  expect((await runAgainst(none, ["job", "deployments", "-latest", "web"])).out).toBe(
    "No deployment found\n",
  );
});

test("a whole version and the source it came from can be read", async () => {
  const known = {
    ...routes,
    "GET /v1/job/web": { body: { ID: "web", Version: 2 } },
    "GET /v1/job/web/versions": { body: { Versions: [{ ID: "web", Version: 1 }] } },
    "GET /v1/job/web/submission": { body: { Source: 'job "web" {}', VariableFlags: { a: "1" } } },
  };
  expect((await runAgainst(known, ["job", "inspect", "-version", "1", "web"])).out).toContain(
    '"Version": 1',
  );
  const source = await runAgainst(known, ["job", "inspect", "-hcl", "-with-vars", "web"]);
  expect(source).toMatchObject({ out: 'job "web" {}\n', err: '\nRegistered with: -var="a=1"\n' });
  expect((await runAgainst(known, ["job", "inspect", "-hcl", "-json", "web"])).err).toBe(
    "can only use one of -hcl or -json\n",
  );
});

test("a job file is checked by the agent, or without one by its text alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "validate-"));
  const file = join(folder, "a.json");
  await writeFile(file, '{"Job": {"ID": "a"}}');
  const argv = ["job", "validate", "-json", file];
  const good = { "PUT /v1/validate/job": { body: { DriverConfigValidated: true, Warnings: "" } } };
  const bad = {
    "PUT /v1/validate/job": {
      body: { DriverConfigValidated: true, Error: "1 error occurred:\n\t* Missing job type\n\n" },
    },
  };
  expect((await runAgainst(good, argv)).out).toBe("Job validation successful\n");
  expect(await runAgainst(bad, argv)).toMatchObject({
    code: 1,
    err: "Job validation errors:\n1 error occurred:\n\t* Missing job type\n",
  });
  const alone = await runAgainst({}, argv, { env: { NOMAD_ADDR: "http://127.0.0.1:9" } });
  expect(alone.code).toBe(0);
  expect(alone.out).toContain("Driver configuration not validated");
  await rm(folder, { recursive: true });
});

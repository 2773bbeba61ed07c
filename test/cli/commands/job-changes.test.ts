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

test("a stopped job is started as it was, with the text it came from", async () => {
  const job = { ID: "web", Version: 2, Stop: true, Periodic: null, ParameterizedJob: null };
  const stopped = {
    ...routes,
    "GET /v1/job/web": { body: job },
    "GET /v1/job/web/submission": { body: { Source: "text", Format: "hcl2" } },
    "PUT /v1/jobs": { body: { EvalID: "e-3" } },
  };
  const result = await runAgainst(stopped, ["job", "start", "-detach", "web"]);
  expect(result.out).toBe("Job start successful\nEvaluation ID: e-3\n");
  expect(result.requests.at(-1)?.body).toEqual({
    Job: { ...job, Stop: false, SubmitTime: 0 },
    Submission: { Source: "text", Format: "hcl2" },
  });
  const running = { ...stopped, "GET /v1/job/web": { body: { ...job, Stop: false } } };
  expect((await runAgainst(running, ["start", "web"])).err).toBe(
    'Job "web" has not been stopped\n',
  );
});

test("a dispatch sends its values and payload, and names the new job", async () => {
  const answer = {
    ...routes,
    "PUT /v1/job/web/dispatch": { body: { DispatchedJobID: "web/dispatch-1", EvalID: "e-4" } },
  };
  const argv = ["job", "dispatch", "-detach", "-meta", "a=b", "-idempotency-token=t", "web", "-"];
  const result = await runAgainst(answer, argv, { stdin: "hello" });
  expect(result.out).toBe("Dispatched Job ID = web/dispatch-1\nEvaluation ID     = e-4\n");
  const sent = result.requests.find((request) => request.method === "PUT");
  expect(sent?.body).toMatchObject({ Meta: { a: "b" }, Payload: "aGVsbG8=" });
  expect(sent?.query.get("idempotency_token")).toBe("t");
});

test("the only group of a job is scaled without being named", async () => {
  const answer = {
    ...routes,
    "GET /v1/job/web": { body: { TaskGroups: [{ Name: "g" }] } },
    "PUT /v1/job/web/scale": { body: { EvalID: "e-5" } },
  };
  const result = await runAgainst(answer, ["job", "scale", "-detach", "web", "3"]);
  expect(result.out).toBe("Job scale successful\nEvaluation ID: e-5\n");
  expect(result.requests.at(-1)?.body).toMatchObject({
    Count: 3,
    Target: { Job: "web", Group: "g" },
  });
  expect((await runAgainst(answer, ["job", "scale", "web", "many"])).code).toBe(1);
});

test("a periodic job is launched by hand", async () => {
  const answer = { ...routes, "PUT /v1/job/web/periodic/force": { body: { EvalID: "e-6" } } };
  const result = await runAgainst(answer, ["job", "periodic", "force", "-detach", "web"]);
  expect(result.out).toBe("Force periodic successful\nEvaluation ID: e-6\n");
  expect(result.requests[0]?.query.get("filter")).toBe("Periodic is not nil");
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
  const task = { Name: "t", Driver: "exec" };
  const job = { ID: "a", Name: "a", TaskGroups: [{ Name: "g", Tasks: [task] }] };
  await writeFile(file, JSON.stringify({ Job: job }));
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
  expect(alone.code, alone.err).toBe(0);
  expect(alone.out).toContain("Driver configuration not validated");
  await writeFile(file, JSON.stringify({ ...job, Priority: 500 }));
  const wrong = await runAgainst({}, argv, { env: { NOMAD_ADDR: "http://127.0.0.1:9" } });
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain("Job priority must be between");
  const placed = await runAgainst(good, [
    ...argv.slice(0, 2),
    "-vault-namespace=v",
    ...argv.slice(2),
  ]);
  expect(placed.requests.at(-1)?.body).toMatchObject({ Job: { ID: "a", VaultNamespace: "v" } });
  await rm(folder, { recursive: true });
});

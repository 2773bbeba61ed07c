import { expect, test } from "vitest";
import { runAgainst, type Routes } from "../fake-agent.ts";

const id = "12345678-0000-0000-0000-000000000000";
const deployment = {
  ID: id,
  JobID: "web",
  JobVersion: 2,
  Namespace: "n",
  Status: "running",
  TaskGroups: {},
};
const routes: Routes = { "GET /v1/deployments": { body: [deployment] } };

test("a prefix is asked for without hyphens and in whole bytes", async () => {
  const answer = { [`PUT /v1/deployment/pause/${id}`]: { body: {} } };
  const result = await runAgainst({ ...routes, ...answer }, [
    "deployment",
    "pause",
    "12345678-000",
  ]);
  expect(result).toMatchObject({ code: 0, out: `Deployment "${id}" paused\n` });
  expect(result.requests[0]?.query.get("prefix")).toBe("1234567800");
  expect(result.requests.at(-1)?.body).toEqual({ DeploymentID: id, Pause: true });
});

test("failing says which version it went back to", async () => {
  const answer = {
    [`PUT /v1/deployment/fail/${id}`]: { body: { EvalID: "e", RevertedJobVersion: 3 } },
  };
  const result = await runAgainst({ ...routes, ...answer }, [
    "deployment",
    "fail",
    "-detach",
    "1234",
  ]);
  expect(result.out).toBe(
    `Deployment "${id}" failed. Auto-reverted to job version 3.\nEvaluation ID: e\n`,
  );
});

test("promoting takes all groups or the named ones", async () => {
  const answer = { [`PUT /v1/deployment/promote/${id}`]: { body: { EvalID: "e" } } };
  const all = await runAgainst({ ...routes, ...answer }, [
    "deployment",
    "promote",
    "-detach",
    "1234",
  ]);
  expect(all.out).toBe("Evaluation ID: e\n");
  expect(all.requests.at(-1)?.body).toEqual({ DeploymentID: id, All: true });
  const argv = ["deployment", "promote", "-detach", "-group", "a", "-group=b", "1234"];
  const some = await runAgainst({ ...routes, ...answer }, argv);
  expect(some.requests.at(-1)?.body).toEqual({ DeploymentID: id, Groups: ["a", "b"] });
});

test("no match and a single character are errors", async () => {
  const none = { "GET /v1/deployments": { body: [] } };
  expect(await runAgainst(none, ["deployment", "status", "abcd"])).toMatchObject({
    code: 1,
    err: 'Error retrieving deployment: Deployment ID "abcd" matched no deployments\n',
  });
  expect((await runAgainst(none, ["deployment", "status", "a"])).err).toContain("two characters");
  expect((await runAgainst(none, ["deployment", "list"])).out).toBe("No deployments found\n");
});

test("-monitor follows a deployment with truly empty lines between", async () => {
  const ended = { ...deployment, Status: "successful", StatusDescription: "done" };
  const answer = { [`GET /v1/deployment/${id}`]: { body: ended } };
  const result = await runAgainst({ ...routes, ...answer }, [
    "deployment",
    "status",
    "-monitor",
    "1234",
  ]);
  expect(result.code).toBe(0);
  expect(result.out.replaceAll(/\d{4}-\S+Z/g, "T")).toBe(
    'T: Monitoring deployment "12345678"\n\nT\nID          = 12345678\nJob ID      = web\nJob Version = 2\nStatus      = successful\nDescription = done\n',
  );
});

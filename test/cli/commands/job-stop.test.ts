import { expect, test } from "vitest";
import { runAgainst, type Routes } from "../fake-agent.ts";

const routes: Routes = {
  "GET /v1/jobs": { body: [{ ID: "web", Namespace: "default" }] },
  "GET /v1/job/web": { body: { ID: "web", Multiregion: null } },
  "DELETE /v1/job/web": { body: { EvalID: "e-1" } },
};

test("the exact id is stopped without a question", async () => {
  const result = await runAgainst(routes, ["job", "stop", "-purge", "-detach", "web"]);
  expect(result).toMatchObject({ code: 0, out: "e-1\n" });
  expect(result.requests.at(-1)?.query.get("purge")).toBe("true");
});

test.each([
  ["y\n", 0, true, "e-1\n"],
  ["n\n", 0, false, "Cancelling job stop\n"],
  ["yes\n", 0, false, "For confirmation, an exact ‘y’ is required.\n"],
  [
    "perhaps\n",
    1,
    false,
    "No confirmation detected. For confirmation, an exact 'y' is required.\n",
  ],
])("a prefix is asked about; %j", async (stdin, code, stopped, rest) => {
  const result = await runAgainst(routes, ["job", "stop", "-detach", "we"], { stdin });
  expect(result.code).toBe(code);
  expect(result.out).toBe(`Are you sure you want to stop job "web"? [y/N] ${rest}`);
  expect(result.requests.some((request) => request.method === "DELETE")).toBe(stopped);
});

test("an input that ends without an answer is an error", async () => {
  const result = await runAgainst(routes, ["job", "stop", "we"]);
  expect(result.code).toBe(1);
  expect(result.err).toContain("Failed to parse answer:");
});

test("several jobs are stopped without questions, and the first failure is the exit code", async () => {
  const result = await runAgainst(
    {
      ...routes,
      "GET /v1/jobs": (request) => ({
        body: request.query.get("prefix") === "web" ? [{ ID: "web", Namespace: "default" }] : [],
      }),
    },
    ["job", "stop", "-detach", "none", "web"],
  );
  expect(result).toMatchObject({
    code: 1,
    out: "e-1\n",
    err: 'No job(s) with prefix or ID "none" found\n',
  });
});

test("a job without an evaluation ends silently", async () => {
  const result = await runAgainst({ ...routes, "DELETE /v1/job/web": { body: { EvalID: "" } } }, [
    "stop",
    "web",
  ]);
  expect(result).toMatchObject({ code: 0, out: "", err: "" });
});

import { expect, test } from "vitest";
import { runAgainst, type Routes } from "../fake-agent.ts";

const id = (n: number): string => `${String(n).repeat(8)}-aaaa-bbbb-cccc-dddddddddddd`;
const running = (n: number) => ({
  ID: id(n),
  TaskGroup: "web",
  DesiredStatus: "run",
  ClientStatus: "running",
  TaskStates: { main: {} },
});
const job = {
  ID: "x",
  Namespace: "default",
  Type: "service",
  TaskGroups: [{ Name: "web", Tasks: [{ Name: "main" }] }],
};
const routes = (allocations: readonly object[]): Routes => ({
  "GET /v1/jobs": { body: [{ ID: "x", Namespace: "default" }] },
  "GET /v1/job/x": { body: job },
  "GET /v1/job/x/allocations": { body: allocations },
  ...Object.fromEntries(
    [1, 2, 3].map((n) => [`PUT /v1/client/allocation/${id(n)}/restart`, { body: {} }]),
  ),
});
const restarted = (requests: readonly { readonly method: string; readonly path: string }[]) =>
  requests.filter((one) => one.method === "PUT").map((one) => one.path.split("/")[4]?.[0]);

test("restarts what runs, batch after batch", async () => {
  const allocations = [running(1), { ...running(4), ClientStatus: "complete" }, running(2)];
  const argv = ["job", "restart", "-on-error=fail", "-batch-wait=10s", "x"];
  const result = await runAgainst(routes(allocations), argv);
  expect(result.code).toBe(0);
  expect(restarted(result.requests)).toEqual(["1", "2"]);
  expect(result.out.replaceAll(/\d{4}-\S+Z/g, "T")).toBe(`==> T: Restarting 2 allocations
    T: Restarting running tasks in allocation "11111111" for group "web"
==> T: Waiting 10s before restarting the next batch
    T: Restarting running tasks in allocation "22222222" for group "web"
==> T: Job restart finished

Job restarted successfully!
`);
});

test("a failure ends it, or with -yes does not, and either way is told", async () => {
  const failing: Routes = {
    ...routes([running(1), running(2)]),
    [`PUT /v1/client/allocation/${id(1)}/restart`]: { status: 500, text: "no" },
  };
  const ended = await runAgainst(failing, ["job", "restart", "-on-error=fail", "x"]);
  expect([ended.code, restarted(ended.requests)]).toEqual([1, ["1"]]);
  const wentOn = await runAgainst(failing, ["job", "restart", "-yes", "x"]);
  expect([wentOn.code, restarted(wentOn.requests)]).toEqual([1, ["1", "2"]]);
  expect(wentOn.err).toContain('Error restarting allocation "11111111"');
});

test("nothing that runs is nothing to do", async () => {
  const result = await runAgainst(routes([]), ["job", "restart", "-yes", "x"]);
  expect([result.code, result.out]).toEqual([0, "No allocations to restart\n"]);
});

test("-reschedule waits for the one in its place", async () => {
  const result = await runAgainst(
    {
      ...routes([running(1)]),
      [`PUT /v1/allocation/${id(1)}/stop`]: { body: { EvalID: "e" } },
      [`GET /v1/allocation/${id(1)}`]: [
        { body: { ...running(1) } },
        { body: { ...running(1), NextAllocation: id(2) } },
      ],
      [`GET /v1/allocation/${id(2)}`]: [
        { body: { ...running(2), ClientStatus: "pending" } },
        { body: running(2) },
      ],
    },
    ["job", "restart", "-yes", "-reschedule", "x"],
  );
  expect(result.out).toContain('Allocation "11111111" replaced by "22222222"');
  expect(result.code).toBe(0);
});

test.each([
  [["x"], '"ask" cannot be used when terminal is not interactive'],
  [["-batch-size=0", "x"], "Invalid -batch-size"],
  [["-yes", "-batch-wait=soon", "x"], "Invalid -batch-wait"],
  [["-on-error=hope", "x"], "Invalid -on-error"],
  [["-yes", "-group=none", "x"], 'Group "none" not found'],
  [["-yes", "-task=none", "x"], 'Task "none" not found'],
])("job restart %j is refused", async (argv, reason) => {
  const result = await runAgainst(routes([running(1)]), ["job", "restart", ...argv]);
  expect([result.code, restarted(result.requests)]).toEqual([1, []]);
  expect(result.err).toContain(reason);
});

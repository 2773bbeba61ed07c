import { expect, test } from "vitest";
import type { Service } from "../../../../src/model/job.ts";
import {
  decideCheckRestarts,
  planChecks,
  viewChecks,
} from "../../../../src/reconciler/core/node/checks.ts";
import type { CheckPlan } from "../../../../src/model/check.ts";
import type { CheckFinding } from "../../../../src/reconciler/core/node/checks.ts";
import {
  buildDesired,
  scriptedGroup,
  scriptedJob,
  scriptedTask,
} from "../../../support/scripted-job.ts";
import { buildCheck, buildService } from "../../../support/build-service.ts";
import { recordOf, runningTask } from "../../../support/node-records.ts";

const check = buildCheck({
  Path: "/${WHERE}",
  Header: { Accept: ["${WHERE}"] },
});
const service = (overrides: Partial<Service> = {}): Service =>
  buildService({ Checks: [check], ...overrides });

function plan(services: readonly Service[], tasks = [scriptedTask()]): readonly CheckPlan[] {
  const group = scriptedGroup({ Services: services, Tasks: tasks });
  const { allocation } = buildDesired(scriptedJob({ TaskGroups: [group] }));
  const Ports = [
    { Label: "http", Value: 25_000, To: 80, HostIP: "10.0.0.1", IgnoreCollision: false },
  ];
  return planChecks({
    allocation: {
      ...allocation,
      AllocatedResources: {
        ...allocation.AllocatedResources,
        Shared: { Networks: null, DiskMB: 1, Ports },
      },
    },
    group,
    tables: () => [{ WHERE: "ok.html" }],
    hash: (parts) => parts.join("|"),
  });
}
const finding = (
  status: CheckFinding["result"]["status"],
  sinceNs: number,
  of: CheckPlan | undefined = plan([service()])[0],
): CheckFinding => {
  if (!of) throw new Error("no plan");
  return { plan: of, result: { status, sinceNs } };
};

test("a check is planned with its words filled in and its port looked up", () => {
  expect(plan([service()])).toEqual([
    expect.objectContaining({
      id: "22222222-2222-4222-a222-222222222222|web||alive|http||||10000000000|2000000000||/ok.html||false",
      name: "alive",
      service: "web",
      group: "shop.web[0]",
      mode: "healthiness",
      target: { host: "10.0.0.1", port: 25_000 },
      path: "/ok.html",
      method: "GET",
      headers: { Accept: ["ok.html"] },
      intervalMs: 10_000,
      restart: undefined,
    }),
  ]);
});

test("other providers' services and other kinds of checks are not ours", () => {
  expect(plan([service({ Provider: "consul" })])).toEqual([]);
  expect(plan([service({ Checks: [{ ...check, Type: "grpc" }] })])).toEqual([]);
});

test("a task's service belongs to its task, a number is a port of the allocation's address", () => {
  const tasks = [scriptedTask({ Services: [service({ PortLabel: "8080" })] })];
  expect(plan([], tasks)).toMatchObject([
    { task: "main", target: { host: "10.0.0.1", port: 8080 } },
  ]);
  expect(plan([service({ PortLabel: "nope" })])[0]?.target).toBeUndefined();
});

test("all checks together pass since the last one that began to", () => {
  const plans = plan([service()]);
  expect(viewChecks([], [])).toEqual({ kind: "none" });
  expect(viewChecks(plans, [])).toEqual({ kind: "failing", services: ["web"] });
  expect(viewChecks(plans, [finding("failure", 1)]).kind).toBe("failing");
  expect(viewChecks(plans, [finding("success", 7)])).toEqual({ kind: "passing", sinceNs: 7 });
});

test("a readiness check may fail but not be pending", () => {
  const plans = plan([service({ OnUpdate: "ignore" })]);
  expect(viewChecks(plans, [finding("failure", 1, plans[0])])).toMatchObject({ kind: "passing" });
  expect(viewChecks(plans, [finding("pending", 1, plans[0])]).kind).toBe("failing");
});

test("a check that stays unhealthy past its grace and limit restarts its task", () => {
  const restarting = { ...check, CheckRestart: { Limit: 3, Grace: 5e9, IgnoreWarnings: false } };
  const [plan3] = plan([service({ TaskName: "main", Checks: [restarting] })]);
  const startNs = 1_700_000_000e9;
  const record = recordOf({ main: runningTask() });
  const failing = [finding("failure", startNs, plan3)];
  expect(decideCheckRestarts(record, failing, startNs + 24e9)).toEqual({
    restarts: [],
    wakeAtNs: startNs + 25e9,
  });
  expect(decideCheckRestarts(record, failing, startNs + 25e9).restarts).toEqual([
    {
      task: "main",
      request: { reason: 'healthcheck: check "alive" unhealthy', countsAsFailure: true },
    },
  ]);
  const well = [finding("success", startNs, plan3)];
  expect(decideCheckRestarts(record, well, startNs + 99e9).restarts).toEqual([]);
});

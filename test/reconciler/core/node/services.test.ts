import { expect, test } from "vitest";
import type { AllocatedPort, Allocation } from "../../../../src/model/allocation.ts";
import type { Service } from "../../../../src/model/job.ts";
import { decideServices } from "../../../../src/reconciler/core/node/services.ts";
import type {
  ServiceFinding,
  ServicesDecision,
  ServicesInput,
} from "../../../../src/reconciler/core/node/services.ts";
import { buildNode } from "../../../support/build-node.ts";
import { buildService } from "../../../support/build-service.ts";
import {
  buildDesired,
  scriptedGroup,
  scriptedJob,
  scriptedTask,
  testAllocationId,
} from "../../../support/scripted-job.ts";
import { deadTask, recordOf, runningTask } from "../../../support/node-records.ts";

const http: AllocatedPort = {
  Label: "http",
  Value: 25_000,
  To: 80,
  HostIP: "10.0.0.1",
  IgnoreCollision: false,
};

function decide(
  services: readonly Service[],
  overrides: Partial<ServicesInput> = {},
  change: Partial<Allocation> = {},
): ServicesDecision {
  const group = scriptedGroup({ Services: services });
  const desired = buildDesired(scriptedJob({ TaskGroups: [group] }), change);
  const { AllocatedResources } = desired.allocation;
  return decideServices({
    ...desired,
    allocation: {
      ...desired.allocation,
      AllocatedResources: {
        ...AllocatedResources,
        Shared: { ...AllocatedResources.Shared, Ports: [http] },
      },
    },
    group,
    record: recordOf({ main: runningTask() }),
    node: buildNode("n1"),
    tables: () => [{ WHO: "oven" }],
    findings: [],
    networks: new Map(),
    ...overrides,
  });
}
const finding = (
  status: ServiceFinding["result"]["status"],
  mode: ServiceFinding["plan"]["mode"] = "healthiness",
): ServiceFinding => ({ plan: { service: "web", task: "", mode }, result: { status } });
const isThere = (decision: ServicesDecision) =>
  decision.wanted.map(({ isHeld }) => (isHeld ? "held" : "in")).join();
const place = (service: Partial<Service>, overrides: Partial<ServicesInput> = {}) => {
  const { wanted, faults } = decide([buildService(service)], overrides);
  return wanted.map(({ registration: r }) => `${r.Address}:${r.Port}`).join() || faults.join();
};

test("a service of the group has the published id, its words filled in, and the host's address", () => {
  const service = buildService({ Name: "web-${WHO}", Tags: ["fresh", "by=${WHO}"] });
  expect(decide([service]).wanted.map(({ registration }) => registration)).toEqual([
    expect.objectContaining({
      ID: `_nomad-task-${testAllocationId}-group-web-web-oven-http`,
      ServiceName: "web-oven",
      AllocID: testAllocationId,
      JobID: "shop",
      Tags: ["fresh", "by=oven"],
      Address: "10.0.0.1",
      Port: 25_000,
    }),
  ]);
});

test("a service of a task carries the task's name and lives as long as that task runs", () => {
  const tasks = [
    scriptedTask({ Services: [buildService()] }),
    scriptedTask({ Name: "side", Services: null }),
  ];
  const group = scriptedGroup({ Tasks: tasks });
  const of = (main: Parameters<typeof recordOf>[0]) =>
    decide([], { group, record: recordOf(main) }).wanted.map(({ registration }) => registration.ID);
  const id = `_nomad-task-${testAllocationId}-main-web-http`;
  expect(of({ main: runningTask(), side: deadTask() })).toEqual([id]);
  expect(of({ main: deadTask(), side: runningTask() })).toEqual([]);
});

test("the catalogues of other providers are theirs", () => {
  expect(decide([buildService({ Provider: "consul" })]).wanted).toEqual([]);
});

test.each([
  ["pending", { main: {} }, ""],
  ["running", { main: runningTask() }, "in"],
  ["asked to restart", { main: { ...runningTask(), phase: "stopping" } }, ""],
  ["waiting for its delay", { main: { ...runningTask(), phase: "delaying" } }, ""],
  ["dead", { main: deadTask() }, ""],
] as const)("a group whose task is %s is there: %j", (_, tasks, there) => {
  expect(isThere(decide([buildService()], { record: recordOf(tasks) }))).toBe(there);
});

test("what is to leave is not there, whoever wants it gone", () => {
  const record = recordOf({ main: runningTask() });
  const gone = [
    decide([buildService()], {}, { DesiredStatus: "stop" }),
    decide([buildService()], { record: { ...record, isEnding: true } }),
    decide([buildService()], { record: { ...record, withdrawal: { sinceNs: 0, isDone: true } } }),
  ];
  expect(gone.map(isThere)).toEqual(["", "", ""]);
});

test.each([
  ["without checks", [], "in"],
  ["before the first result", [finding("pending")], "held"],
  ["after a success", [finding("success")], "in"],
  ["when it fails later", [finding("failure")], "held"],
  ["with one of two", [finding("success"), finding("pending")], "held"],
  ["when it is ready", [finding("success", "readiness")], "in"],
  ["when it is not ready", [finding("success"), finding("failure", "readiness")], ""],
] as const)("%s a service is %s", (_, findings, there) => {
  expect(isThere(decide([buildService()], { findings }))).toBe(there);
});

test("the checks of other services say nothing of this one", () => {
  const other = {
    ...finding("failure", "readiness"),
    plan: { ...finding("failure").plan, task: "main" },
  };
  expect(isThere(decide([buildService()], { findings: [other] }))).toBe("in");
});

test("a canary has its own tags until it is promoted, if it has any", () => {
  const tags = (service: Partial<Service>, Canary: boolean) =>
    decide(
      [buildService({ Tags: ["live"], ...service })],
      {},
      { DeploymentStatus: { Healthy: null, Timestamp: null, Canary, ModifyIndex: 1 } },
    ).wanted.flatMap(({ registration }) => registration.Tags);
  expect(tags({ CanaryTags: ["canary"] }, true)).toEqual(["canary"]);
  expect(tags({ CanaryTags: ["canary"] }, false)).toEqual(["live"]);
  expect(tags({}, true)).toEqual(["live"]);
});

const own = { ip: "172.17.0.9", isAdvertised: false, ports: {} };
test.each([
  ["auto", {}, {}, "10.0.0.1:25000"],
  ["an address of its own", { Address: "web.example" }, {}, "web.example:25000"],
  ["a number", { PortLabel: "8080" }, {}, "10.0.0.1:8080"],
  ["no port", { PortLabel: "" }, {}, "10.0.0.1:0"],
  [
    "an unknown label",
    { PortLabel: "admin" },
    {},
    'service "web": invalid port "admin": port label not found',
  ],
  ["driver", { AddressMode: "driver" }, { networks: new Map([["main", own]]) }, "172.17.0.9:80"],
  [
    "driver, without one",
    { AddressMode: "driver" },
    {},
    'service "web": cannot use address_mode="driver": no driver network exists',
  ],
  [
    "auto, with an advertised driver address",
    {},
    { networks: new Map([["main", { ...own, isAdvertised: true, ports: { http: 8081 } }]]) },
    "172.17.0.9:8081",
  ],
  [
    "alloc, without a network",
    { AddressMode: "alloc" },
    {},
    'service "web": cannot use address_mode="alloc": no allocation network status reported',
  ],
] as const)("with %s it is found at %4$s", (_, service, overrides, found) => {
  expect(place(service, overrides)).toBe(found);
});

test("in the mode alloc it is found in the group's own network, at the port inside", () => {
  const NetworkStatus = {
    InterfaceName: "eth0",
    Address: "172.26.0.4",
    AddressIPv6: "",
    DNS: null,
  };
  const { wanted } = decide([buildService({ AddressMode: "alloc" })], {}, { NetworkStatus });
  expect(wanted[0]?.registration).toMatchObject({ Address: "172.26.0.4", Port: 80 });
});

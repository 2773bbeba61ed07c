import { expect, test } from "vitest";
import { textsOf } from "../../../../src/jobspec/core/model/faults.ts";
import {
  portLabelsOf,
  providerFaults,
  servicesFaults,
} from "../../../../src/jobspec/core/model/validate-service.ts";
import { admitted } from "../../../support/admitted-job.ts";
import { faultsOfGroup, faultsOfTask } from "../../../support/job-faults.ts";

const check = { Type: "tcp", Interval: 10e9, Timeout: 2e9 };
const service = { Name: "s", Provider: "nomad", PortLabel: "p" };
const Networks = [{ DynamicPorts: [{ Label: "p" }] }];
const withCheck = (change: object, provider = "nomad"): string =>
  faultsOfGroup({
    Networks,
    Services: [{ ...service, Provider: provider, Checks: [{ ...check, ...change }] }],
  });

test("a sound service has no faults", () => {
  expect(withCheck({})).toBe("");
  expect(withCheck({ Type: "http", Path: "/" })).toBe("");
});

test.each([
  [{ Type: "grpc" }, 'invalid check type ("grpc"), must be one of http, tcp'],
  [{ Interval: 0 }, "missing required value interval. Interval cannot be less than 1s"],
  [{ Interval: 5e8 }, "interval (500ms) cannot be lower than 1s"],
  [{ Timeout: 0 }, "missing required value timeout"],
  [{ Timeout: 5e8 }, "timeout (500ms) is lower than required minimum timeout 1s"],
  [{ Type: "http" }, "http type must have http path"],
  [{ Type: "http", Path: "http://a/b" }, "http type must have a relative http path"],
  [{ InitialStatus: "sleepy" }, "invalid initial check state (sleepy)"],
  [{ OnUpdate: "hope" }, 'on_update must be "require_healthy"'],
  [{ CheckRestart: { Limit: -1 } }, "limit must be greater than or equal to 0 but found -1"],
  [{ CheckRestart: { Grace: -1 } }, "grace period must be greater than or equal to 0"],
  [{ FailuresBeforeCritical: 2 }, "failures_before_critical may only be set for Consul"],
  [{ Type: "http", Path: "/a%zz" }, "http type must have valid http path"],
  [{ AddressMode: "auto" }, 'invalid address_mode "auto" - auto only valid for services'],
  [{ AddressMode: "nat" }, 'invalid address_mode "nat"'],
  [{ AddressMode: "driver" }, "address_mode = driver may only be set for Consul"],
  [{ OnUpdate: "ignore_warnings" }, "on_update may only be set to ignore_warnings for Consul"],
  [{ OnUpdate: "ignore", CheckRestart: {} }, "is not compatible with check_restart"],
  [{ CheckRestart: { IgnoreWarnings: true } }, "ignore_warnings on check_restart only supported"],
  [{ Type: "http", Path: "/", Method: "FETCH" }, 'method type "FETCH" not supported'],
  [{ TLSServerName: "a" }, "tls_server_name may only be set for Consul"],
  [{ Expose: true }, "expose may only be set for Consul service checks"],
])("the check %j is refused", (change, fault) => {
  expect(withCheck(change)).toContain(fault);
});

test.each([
  [{ Type: "script", Command: "a", TaskName: "t", SuccessBeforePassing: 1 }, "not supported for"],
  [{ Notes: "é".repeat(128) }, "notes must not be longer than 255 characters"],
  [{ Expose: true }, "expose may only be set on HTTP or gRPC checks"],
  [{ OnUpdate: "ignore_warnings", CheckRestart: {} }, 'ignore_warnings value "false"'],
])("the check %j of a service of Consul is refused", (change, fault) => {
  expect(withCheck(change, "consul")).toContain(fault);
});

test("thresholds below zero count as none, and types are read in any case", () => {
  expect(withCheck({ SuccessBeforePassing: -2 })).toBe("");
  expect(withCheck({ Type: "TCP" })).toBe("");
  expect(withCheck({ Type: "HTTP", Path: "/" })).toBe("");
});

test("a check needs a port somewhere", () => {
  const Services = [{ Name: "s", Provider: "nomad", Checks: [check] }];
  expect(faultsOfGroup({ Services })).toContain("check requires a port but neither check nor");
});

test("a script check of a group service must name one of its tasks", () => {
  const script = { Type: "script", Command: "/bin/true" };
  expect(withCheck(script, "consul")).toContain("must specify the task parameter");
  expect(withCheck({ ...script, TaskName: "u" }, "consul")).toContain("non-existent task u");
  expect(withCheck({ ...script, TaskName: "t" }, "consul")).toBe("");
  expect(withCheck({ Type: "script", TaskName: "t" }, "consul")).toContain("valid script path");
});

test.each([
  [{ Name: "a".repeat(64) }, "Service name must be valid per RFC 1123"],
  [{ Name: "a_b" }, "Service name must be valid per RFC 1123"],
  [{ AddressMode: "nat" }, "Service address_mode must be"],
  [{ Provider: "zookeeper" }, 'Service provider must be "consul", or "nomad"; not "zookeeper"'],
  [{ OnUpdate: "hope" }, "Service on_update must be"],
  [{ AddressMode: "host", Address: "a.example" }, 'address_mode must be "auto" if address is set'],
  [{ AddressMode: "driver" }, 'cannot use address_mode="driver"'],
  [{ Provider: "consul", Kind: "cat" }, "kind must be one of consul service kind or empty"],
  [{ Connect: {} }, "Service with provider nomad cannot include Connect blocks"],
])("the service %j is refused", (change, fault) => {
  expect(faultsOfGroup({ Networks, Services: [{ ...service, ...change }] })).toContain(fault);
});

test("runtime references may stand in a name", () => {
  expect(faultsOfGroup({ Services: [{ ...service, Name: "web-${NOMAD_ALLOC_INDEX}" }] })).toBe("");
});

test("only a task's service must name an existing port", () => {
  expect(faultsOfGroup({ Services: [{ ...service, PortLabel: "nope" }] })).toBe("");
  const Services = [{ ...service, PortLabel: "nope" }];
  expect(faultsOfTask({ Services })).toContain('port label "nope" referenced by service s');
  expect(faultsOfTask({ Services: [service] }, { Networks })).toBe("");
  const numbered = { ...service, PortLabel: "8080" };
  expect(faultsOfTask({ Services: [numbered] })).toContain('port label "8080" referenced by');
  expect(faultsOfTask({ Services: [{ ...numbered, AddressMode: "driver" }] })).toBe("");
});

test.each([
  [{ AddressMode: "alloc" }, 'cannot use address_mode="alloc"'],
  [{ Connect: {} }, 'cannot have "connect" block'],
  [{ TaskName: "u" }, 'may only specify task the service belongs to, got "u"'],
  [{ Checks: [check, check] }, 'check "service: \\"s\\" check" is duplicate'],
  [{ Checks: [{ ...check, TaskName: "u" }] }, "only task group service checks can be assigned"],
  [{ Checks: [{ ...check, AddressMode: "alloc" }] }, 'cannot use address_mode="alloc"'],
  [{ Checks: [{ ...check, PortLabel: "q" }] }, 'port label "q" referenced by services s'],
  [{ Checks: [{ ...check, PortLabel: "80" }] }, "cannot use a numeric port 80 without setting"],
  [{ Checks: [{ ...check, PortLabel: "0", AddressMode: "driver" }] }, "invalid numeric port 0"],
])("the service %j of a task is refused", (change, fault) => {
  const Services = [{ ...service, Provider: "consul", ...change }];
  expect(faultsOfTask({ Services }, { Networks })).toContain(fault);
});

test("a check may use a port of the driver's own network", () => {
  const own = { ...check, PortLabel: "80", AddressMode: "driver" };
  const Services = [{ ...service, Provider: "consul", Checks: [own] }];
  expect(faultsOfTask({ Services }, { Networks })).toBe("");
});

test("the same service twice is refused", () => {
  expect(faultsOfGroup({ Services: [service, service] })).toContain('Service "s" is duplicate');
});

test("a group and its tasks use one provider", () => {
  const tasks = [
    { Name: "t", Driver: "exec", Services: [{ ...service, Provider: "consul", PortLabel: "1" }] },
  ];
  expect(faultsOfGroup({ Services: [service], Tasks: tasks })).toContain(
    "Multiple service providers used",
  );
});

test("labels come from reserved and dynamic ports", () => {
  const job = admitted({
    ID: "j",
    TaskGroups: [
      {
        Name: "g",
        Networks: [{ ReservedPorts: [{ Label: "a", Value: 1 }], DynamicPorts: [{ Label: "b" }] }],
        Tasks: [{ Name: "t", Driver: "exec" }],
      },
    ],
  });
  const [group] = job.TaskGroups;
  expect(portLabelsOf(group?.Networks ?? null)).toEqual(["a", "b"]);
  expect(textsOf(providerFaults([]))).toEqual([]);
  expect(
    textsOf(servicesFaults(null, { portLabels: new Set(), taskNames: [], isTask: false })),
  ).toEqual([]);
});

test.each([["grpc"], ["http"], ["tcp"]])("Consul takes a check of type %s", (Type) => {
  expect(withCheck({ Type, Path: "/" }, "consul")).toBe("");
});

test.each([
  [{ Interval: 1e9, Timeout: 1e9 }],
  [{ InitialStatus: "passing" }],
  [{ InitialStatus: "warning" }],
  [{ InitialStatus: "critical" }],
  [{ OnUpdate: "ignore" }],
  [{ CheckRestart: { Limit: 0, Grace: 0 } }],
  [{ SuccessBeforePassing: 0, FailuresBeforeCritical: 0, FailuresBeforeWarning: 0 }],
  [{ PortLabel: "q" }],
])("the check %j is just right", (change) => {
  expect(withCheck(change)).toBe("");
});

test.each([
  [{ FailuresBeforeWarning: 1 }, "failures_before_warning may only be set for Consul"],
  [{ SuccessBeforePassing: 1 }, "success_before_passing may only be set for Consul"],
  [{ Type: "script" }, 'invalid check type ("script"), must be one of http, tcp'],
])("the check %j is just wrong", (change, fault) => {
  expect(withCheck(change)).toContain(fault);
});

test("Consul takes thresholds and exposed checks", () => {
  const thresholds = { SuccessBeforePassing: 1, FailuresBeforeCritical: 1 };
  expect(withCheck(thresholds, "consul")).toBe("");
  expect(withCheck({ Type: "http", Path: "/", Expose: true }, "consul")).toBe("");
});

test.each([
  [{ Name: "a".repeat(63) }],
  [{ Name: "A-1" }],
  [{ AddressMode: "host" }],
  [{ AddressMode: "alloc" }],
  [{ AddressMode: "alloc_ipv6" }],
  [{ OnUpdate: "ignore_warnings" }],
  [{ OnUpdate: "ignore" }],
  [{ Provider: "consul", EnableTagOverride: true }],
])("the service %j is just right", (change) => {
  expect(faultsOfGroup({ Networks, Services: [{ ...service, ...change }] })).toBe("");
});

test("a script check of a task's service runs in that task", () => {
  const Checks = [{ ...check, Type: "script", Command: "/bin/true" }];
  const Services = [{ ...service, Provider: "consul", PortLabel: "", Checks }];
  expect(faultsOfTask({ Services })).toBe("");
  expect(
    faultsOfGroup({ Services: [{ ...service, Provider: "consul", TaskName: "t", Checks }] }),
  ).toBe("");
});

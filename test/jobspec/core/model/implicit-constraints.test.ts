import { expect, test } from "vitest";
import { withImplicitConstraints } from "../../../../src/jobspec/core/model/implicit-constraints.ts";
import type { Body } from "../../../../src/jobspec/job-body.ts";
import type { Constraint, TaskGroup } from "../../../../src/model/job.ts";
import { admitted, admittedGroup } from "../../../support/admitted-job.ts";

const constraintsOf = (group: Body<TaskGroup>): readonly Constraint[] | null =>
  admitted({
    ID: "j",
    TaskGroups: [{ Name: "g", Tasks: [{ Name: "t", Driver: "exec" }], ...group }],
  }).TaskGroups[0]?.Constraints ?? null;
const task = (more: object): Body<TaskGroup> => ({
  Tasks: [{ Name: "t", Driver: "exec", ...more }],
});

test("a plain group gets none and stays the same object", () => {
  const group = admittedGroup();
  expect(withImplicitConstraints(group)).toBe(group);
});

test("signals are collected, sorted and joined", () => {
  const Templates = [{ EmbeddedTmpl: "x", DestPath: "local/x", ChangeMode: "signal" }];
  expect(constraintsOf(task({ KillSignal: "SIGTERM", Templates }))).toEqual([
    { LTarget: "${attr.os.signals}", RTarget: "SIGHUP,SIGTERM", Operand: "set_contains" },
  ]);
});

test("services of the cluster itself need its discovery, checks a version", () => {
  const service = { Name: "s", Provider: "nomad", PortLabel: "80" };
  const discovery = { LTarget: "${attr.nomad.service_discovery}", RTarget: "true", Operand: "=" };
  const version = { LTarget: "${attr.nomad.version}", RTarget: ">= 1.4.0", Operand: "semver" };
  expect(constraintsOf({ Services: [service] })).toEqual([discovery]);
  const Checks = [{ Type: "tcp", Interval: 1e9, Timeout: 1e9 }];
  expect(constraintsOf({ Services: [{ ...service, Checks }] })).toEqual([discovery, version]);
  expect(constraintsOf({ Constraints: [discovery], Services: [service] })).toEqual([discovery]);
});

test("services of Consul need Consul on the node", () => {
  expect(constraintsOf({ Services: [{ Name: "s" }, { Name: "r" }] })).toEqual([
    { LTarget: "${attr.consul.version}", RTarget: ">= 1.8.0", Operand: "semver" },
  ]);
});

test("bridge networks need the plugins that make them", () => {
  expect(constraintsOf({ Networks: [{ Mode: "bridge" }] })?.map((c) => c.LTarget)).toEqual(
    ["bridge", "firewall", "host-local", "loopback", "portmap"].map(
      (plugin) => `\${attr.plugins.cni.version.${plugin}}`,
    ),
  );
});

test("further identities need a version", () => {
  expect(constraintsOf(task({ Identities: [{ Name: "a", TTL: 1 }] }))).toEqual([
    { LTarget: "${attr.nomad.version}", RTarget: ">= 1.7.0-a", Operand: "semver" },
  ]);
});

test("what a group says itself hides only the same need", () => {
  const service = { Name: "s", Provider: "nomad", PortLabel: "80" };
  const discovery = { LTarget: "${attr.nomad.service_discovery}", RTarget: "true", Operand: "=" };
  for (const other of [
    { ...discovery, LTarget: "${attr.kernel.name}" },
    { ...discovery, RTarget: "false" },
    { ...discovery, Operand: "!=" },
  ])
    expect(constraintsOf({ Constraints: [other], Services: [service] })).toEqual([
      other,
      discovery,
    ]);
});

import type { Service, ServiceCheck } from "../../src/model/job.ts";
import { allocationId, jobId, nodeId } from "../../src/model/ids.ts";
import type { ServiceRegistration } from "../../src/model/service.ts";
import { uuid } from "./uuid.ts";

export const buildCheck = (overrides: Partial<ServiceCheck> = {}): ServiceCheck => ({
  Name: "alive",
  Type: "http",
  Command: "",
  Args: null,
  Path: "/",
  Protocol: "",
  PortLabel: "",
  Expose: false,
  AddressMode: "",
  Interval: 10e9,
  Timeout: 2e9,
  InitialStatus: "",
  Notes: "",
  TLSServerName: "",
  TLSSkipVerify: false,
  Method: "",
  Header: null,
  CheckRestart: null,
  GRPCService: "",
  GRPCUseTLS: false,
  TaskName: "",
  SuccessBeforePassing: 0,
  FailuresBeforeCritical: 0,
  FailuresBeforeWarning: 0,
  Body: "",
  OnUpdate: "",
  ...overrides,
});

/** A service of the built-in catalogue on the port http, without checks. */
export const buildService = (overrides: Partial<Service> = {}): Service => ({
  Name: "web",
  TaskName: "",
  PortLabel: "http",
  AddressMode: "auto",
  Address: "",
  EnableTagOverride: false,
  Tags: null,
  CanaryTags: null,
  Checks: null,
  Connect: null,
  Meta: null,
  CanaryMeta: null,
  Weights: null,
  TaggedAddresses: null,
  Namespace: "default",
  OnUpdate: "",
  Provider: "nomad",
  Cluster: "",
  Identity: null,
  Kind: "",
  ...overrides,
});

/** An instance of "web" that the allocation n runs on the node 1. */
export const buildRegistered = (
  n: number,
  overrides: Partial<ServiceRegistration> = {},
): ServiceRegistration => ({
  ID: `_nomad-task-${uuid(n)}-group-web-web-http`,
  ServiceName: "web",
  Namespace: "default",
  NodeID: nodeId(uuid(1)),
  Datacenter: "dc1",
  JobID: jobId("shop"),
  AllocID: allocationId(uuid(n)),
  Tags: ["fresh"],
  Address: "10.0.0.1",
  Port: 20_000 + n,
  CreateIndex: 0,
  ModifyIndex: 0,
  ...overrides,
});

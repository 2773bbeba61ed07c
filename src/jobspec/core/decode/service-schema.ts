import { connectSpec } from "./connect-schema.ts";
import { identitySpec } from "./identity-schema.ts";
import { list, once, open } from "./placement-schema.ts";
import type { BlockSpec } from "./spec-types.ts";

const checkRestartSpec: BlockSpec = {
  arguments: {
    limit: "Limit:int",
    grace: "Grace:duration?",
    ignore_warnings: "IgnoreWarnings:bool",
  },
};
const checkSpec: BlockSpec = {
  arguments: {
    name: "Name:string",
    type: "Type:string",
    command: "Command:string",
    args: "Args:strings?",
    path: "Path:string",
    protocol: "Protocol:string",
    port: "PortLabel:string",
    expose: "Expose:bool",
    advertise: "Advertise:string",
    address_mode: "AddressMode:string",
    interval: "Interval:duration",
    timeout: "Timeout:duration",
    initial_status: "InitialStatus:string",
    notes: "Notes:string",
    tls_server_name: "TLSServerName:string",
    tls_skip_verify: "TLSSkipVerify:bool",
    method: "Method:string",
    grpc_service: "GRPCService:string",
    grpc_use_tls: "GRPCUseTLS:bool",
    task: "TaskName:string",
    success_before_passing: "SuccessBeforePassing:int",
    failures_before_critical: "FailuresBeforeCritical:int",
    failures_before_warning: "FailuresBeforeWarning:int",
    body: "Body:string",
    on_update: "OnUpdate:string",
  },
  blocks: {
    header: open("Header", "strings"),
    check_restart: once("CheckRestart", checkRestartSpec),
  },
};
export const serviceSpec: BlockSpec = {
  arguments: {
    name: "Name:string",
    tags: "Tags:strings?",
    canary_tags: "CanaryTags:strings?",
    enable_tag_override: "EnableTagOverride:bool",
    port: "PortLabel:string",
    address_mode: "AddressMode:string",
    address: "Address:string",
    task: "TaskName:string",
    on_update: "OnUpdate:string",
    provider: "Provider:string",
    cluster: "Cluster:string",
    kind: "Kind:string",
  },
  blocks: {
    check: list("Checks", checkSpec),
    check_restart: once("CheckRestart", checkRestartSpec),
    connect: once("Connect", connectSpec),
    meta: open("Meta"),
    canary_meta: open("CanaryMeta"),
    tagged_addresses: open("TaggedAddresses"),
    weights: once("Weights", {
      arguments: { passing: "Passing:int", warning: "Warning:int" },
    }),
    identity: once("Identity", identitySpec),
  },
};

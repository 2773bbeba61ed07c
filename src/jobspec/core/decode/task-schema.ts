import type { Json } from "../../../lib/json.ts";
import { identitySpec } from "./identity-schema.ts";
import { consulSpec, free, list, once, open } from "./placement-schema.ts";
import {
  placementBlocks,
  restartSpec,
  secretSpec,
  takeHidden,
  vaultSpec,
} from "./placement-schema.ts";
import { serviceSpec } from "./service-schema.ts";
import type { BlockSpec, DecodedBlock, FinishContext } from "./spec-types.ts";
import { artifactSpec, csiPluginSpec, logsSpec, resourcesSpec } from "./task-parts-schema.ts";
import { scalingArguments, scalingBlocks, scheduleSpec } from "./task-parts-schema.ts";
import { templateSpec, volumeMountSpec } from "./task-parts-schema.ts";

const verticalScaling = new Map([
  ["cpu", "vertical_cpu"],
  ["mem", "vertical_mem"],
]);

const taskScalingSpec: BlockSpec = {
  labels: ["$label"],
  arguments: scalingArguments,
  blocks: scalingBlocks,
  finish: (value, { block, faults }) => {
    const { rest, hidden } = takeHidden(value);
    const type = verticalScaling.get(textOf(hidden.get("label")).toLowerCase());
    // A missing label was told of already.
    if (type === undefined && block.labels.length > 0)
      faults.at(
        block.labels[0]?.range,
        "Invalid scaling policy name",
        'A scaling block of a task is labelled "cpu" or "mem".',
      );
    else if (type !== undefined && rest["Type"] !== "" && rest["Type"] !== type)
      faults.at(
        block.nameRange,
        "Invalid scaling policy type",
        `A scaling block of this label is of type "${type}".`,
      );
    return { ...rest, Type: type ?? "", CreateIndex: 0, ModifyIndex: 0 };
  },
};

export const taskSpec: BlockSpec = {
  labels: ["Name"],
  arguments: {
    driver: "Driver:string",
    user: "User:string",
    env: "Env:stringMap?",
    meta: "Meta:stringMap?",
    kill_timeout: "KillTimeout:duration?",
    leader: "Leader:bool",
    shutdown_delay: "ShutdownDelay:duration",
    kill_signal: "KillSignal:string",
    kind: "Kind:string",
  },
  blocks: {
    ...placementBlocks,
    lifecycle: once("Lifecycle", {
      arguments: { hook: "Hook:string!", sidecar: "Sidecar:bool" },
    }),
    config: free("Config"),
    env: open("Env"),
    meta: open("Meta"),
    service: list("Services", serviceSpec),
    resources: once("Resources", resourcesSpec),
    restart: once("RestartPolicy", restartSpec),
    logs: once("LogConfig", logsSpec),
    artifact: list("Artifacts", artifactSpec),
    vault: once("Vault", vaultSpec),
    consul: once("Consul", consulSpec),
    template: list("Templates", templateSpec),
    dispatch_payload: once("DispatchPayload", { arguments: { file: "File:string" } }),
    volume_mount: list("VolumeMounts", volumeMountSpec),
    csi_plugin: once("CSIPluginConfig", csiPluginSpec),
    scaling: list("ScalingPolicies", taskScalingSpec),
    identity: list("$identities", identitySpec),
    action: list("Actions", {
      labels: ["Name"],
      arguments: { command: "Command:string!", args: "Args:strings?" },
    }),
    schedule: once("Schedule", scheduleSpec),
    secret: list("Secrets", secretSpec),
  },
  finish: finishTask,
};

/** The first identity without a name or named "default" stands on its own; the others stay a list. */
function finishTask(value: DecodedBlock, context: FinishContext): DecodedBlock {
  refuseSecondScaling(value["ScalingPolicies"], context);
  const { rest, hidden } = takeHidden(value);
  const identities = hidden.get("identities");
  if (!Array.isArray(identities)) return rest;
  const all: readonly Json[] = identities;
  const at = all.findIndex(isDefaultIdentity);
  const own = all[at];
  if (own === undefined) return { ...rest, Identities: all };
  return { ...rest, Identity: own, Identities: all.filter((_, index) => index !== at) };
}

/** There is one policy for the cpu and one for the memory. */
function refuseSecondScaling(policies: Json | undefined, { block, faults }: FinishContext): void {
  if (!Array.isArray(policies)) return;
  const written = block.body.items.filter((item) => item.name === "scaling");
  const seen = new Set<string>();
  policies.forEach((policy: Json, at) => {
    const type = typeOf(policy);
    if (type !== "" && seen.has(type))
      faults.at(
        // Blocks that were made by a dynamic one have no place of their own.
        written[at]?.nameRange ?? block.nameRange,
        "Duplicate scaling block",
        `Only one scaling block of type "${type}" is allowed in a task.`,
      );
    seen.add(type);
  });
}

const typeOf = (policy: Json): string =>
  typeof policy === "object" && policy !== null && "Type" in policy ? textOf(policy["Type"]) : "";

function isDefaultIdentity(identity: Json): boolean {
  if (typeof identity !== "object" || identity === null || !("Name" in identity)) return false;
  const { Name: name } = identity;
  return name === "" || name === "default";
}

const textOf = (json: Json | undefined): string => (typeof json === "string" ? json : "");

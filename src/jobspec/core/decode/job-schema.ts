import type { Json } from "../../../lib/json.ts";
import { groupSpec } from "./group-schema.ts";
import { list, migrateSpec, once, open, placementBlocks } from "./placement-schema.ts";
import { rescheduleSpec, secretSpec, spreadSpec, takeHidden } from "./placement-schema.ts";
import { updateSpec, vaultSpec } from "./placement-schema.ts";
import type { Places } from "./places.ts";
import type { BlockSpec, DecodedBlock, FinishContext } from "./spec-types.ts";
import { taskSpec } from "./task-schema.ts";

const multiregionSpec: BlockSpec = {
  arguments: {},
  blocks: {
    strategy: once("Strategy", {
      arguments: { max_parallel: "MaxParallel:int?", on_failure: "OnFailure:string?" },
    }),
    region: list("Regions", {
      labels: ["Name"],
      arguments: {
        count: "Count:int?",
        datacenters: "Datacenters:strings?",
        node_pool: "NodePool:string",
      },
      blocks: { meta: open("Meta") },
    }),
  },
};
const periodicSpec: BlockSpec = {
  arguments: {
    enabled: "Enabled:bool?",
    cron: "Spec:string?",
    crons: "Specs:strings?",
    prohibit_overlap: "ProhibitOverlap:bool?",
    time_zone: "TimeZone:string?",
  },
  finish: (value) => ("Spec" in value || "Specs" in value ? { ...value, SpecType: "cron" } : value),
};
const uiSpec: BlockSpec = {
  arguments: { description: "Description:string" },
  blocks: {
    link: list("Links", { arguments: { label: "Label:string", url: "URL:string" } }),
  },
};

export const jobSpec: BlockSpec = {
  labels: ["$label"],
  arguments: {
    region: "Region:string?",
    namespace: "Namespace:string?",
    id: "ID:string?",
    name: "Name:string?",
    type: "Type:string?",
    priority: "Priority:int?",
    all_at_once: "AllAtOnce:bool?",
    datacenters: "Datacenters:strings?",
    node_pool: "NodePool:string?",
    meta: "Meta:stringMap?",
    consul_token: "ConsulToken:string?",
    vault_token: "VaultToken:string?",
    consul_namespace: "ConsulNamespace:string?",
    vault_namespace: "VaultNamespace:string?",
  },
  blocks: {
    ...placementBlocks,
    spread: list("Spreads", spreadSpec),
    group: list("TaskGroups", groupSpec),
    task: list("$tasks", taskSpec),
    update: once("Update", updateSpec),
    multiregion: once("Multiregion", multiregionSpec),
    periodic: once("Periodic", periodicSpec),
    parameterized: once("ParameterizedJob", {
      arguments: {
        payload: "Payload:string",
        meta_required: "MetaRequired:strings?",
        meta_optional: "MetaOptional:strings?",
      },
    }),
    reschedule: once("Reschedule", rescheduleSpec),
    migrate: once("Migrate", migrateSpec),
    meta: open("Meta"),
    ui: once("UI", uiSpec),
    vault: once("$vault", vaultSpec),
    secret: list("$secrets", secretSpec),
  },
  finish: finishJob,
};

/** Gives lone tasks a group of their own, and hands vault and secrets down to the tasks. */
function finishJob(value: DecodedBlock, { places }: FinishContext): DecodedBlock {
  const { rest, hidden } = takeHidden(value);
  const label = hidden.get("label") ?? "";
  const lone = listOf(hidden.get("tasks")).map((task): Json => {
    const own = asBlock(task);
    const group = { Name: own["Name"] ?? "", Tasks: [own] };
    places?.move(own, group);
    return group;
  });
  const groups = [...lone, ...listOf(rest["TaskGroups"])].map((group) => {
    const own = asBlock(group);
    const done = handDown(own, {
      vault: hidden.get("vault"),
      secrets: listOf(hidden.get("secrets")),
      places,
    });
    places?.move(own, done);
    return done;
  });
  const named = { ID: label, Name: label, ...rest, Dispatched: false };
  return groups.length === 0 ? named : { ...named, TaskGroups: groups };
}

interface HandedDown {
  readonly vault: Json | undefined;
  readonly secrets: readonly Json[];
  readonly places: Places | undefined;
}

function handDown(group: DecodedBlock, { vault, secrets, places }: HandedDown): DecodedBlock {
  const { rest, hidden } = takeHidden(group);
  const nearest = hidden.get("vault") ?? vault;
  const groupSecrets = listOf(hidden.get("secrets"));
  const tasks = listOf(rest["Tasks"]).map((task): Json => {
    const own = asBlock(task);
    const out = { ...own };
    if (nearest !== undefined) out["Vault"] ??= nearest;
    const all = [...listOf(out["Secrets"]), ...groupSecrets, ...secrets];
    const done = all.length === 0 ? out : { ...out, Secrets: all };
    places?.move(own, done);
    return done;
  });
  return tasks.length === 0 ? rest : { ...rest, Tasks: tasks };
}

const listOf = (json: Json | undefined): readonly Json[] => (Array.isArray(json) ? json : []);

function asBlock(json: Json): DecodedBlock {
  if (typeof json === "object" && json !== null && !Array.isArray(json))
    return json as DecodedBlock;
  throw new Error("assertion failed: a decoded block is an object");
}

import { refuseMissing } from "./missing.ts";
import { networkSpec } from "./network-schema.ts";
import { consulSpec, labelled, list, migrateSpec, once, open } from "./placement-schema.ts";
import { placementBlocks, rescheduleSpec, restartSpec, secretSpec } from "./placement-schema.ts";
import { spreadSpec, updateSpec, vaultSpec } from "./placement-schema.ts";
import { serviceSpec } from "./service-schema.ts";
import type { BlockSpec } from "./spec-types.ts";
import { scalingArguments, scalingBlocks } from "./task-parts-schema.ts";
import { taskSpec } from "./task-schema.ts";

const groupScalingSpec: BlockSpec = {
  arguments: scalingArguments,
  blocks: scalingBlocks,
  finish: (value, { expression, faults, block }) => {
    // There is no group that may grow without end.
    if (expression("max") === undefined) refuseMissing("max", block, faults);
    const type = value["Type"];
    if (type !== "" && type !== "horizontal")
      faults.at(
        expression("type")?.range ?? block.nameRange,
        "Invalid scaling policy type",
        'The scaling block of a group is of type "horizontal".',
      );
    return { ...value, Type: "horizontal", CreateIndex: 0, ModifyIndex: 0 };
  },
};

const volumeSpec: BlockSpec = {
  labels: ["Name"],
  arguments: {
    type: "Type:string",
    source: "Source:string",
    read_only: "ReadOnly:bool",
    sticky: "Sticky:bool",
    access_mode: "AccessMode:string",
    attachment_mode: "AttachmentMode:string",
    per_alloc: "PerAlloc:bool",
  },
  blocks: {
    mount_options: once("MountOptions", {
      arguments: { fs_type: "FSType:string", mount_flags: "MountFlags:strings?" },
    }),
  },
};

export const groupSpec: BlockSpec = {
  labels: ["Name"],
  arguments: {
    count: "Count:int?",
    meta: "Meta:stringMap?",
    shutdown_delay: "ShutdownDelay:duration?",
    stop_after_client_disconnect: "StopAfterClientDisconnect:duration?",
    max_client_disconnect: "MaxClientDisconnect:duration?",
    max_run_duration: "MaxRunDuration:duration?",
    prevent_reschedule_on_lost: "PreventRescheduleOnLost:bool?",
  },
  blocks: {
    ...placementBlocks,
    spread: list("Spreads", spreadSpec),
    task: list("Tasks", taskSpec),
    volume: labelled("Volumes", volumeSpec),
    restart: once("RestartPolicy", restartSpec),
    reschedule: once("ReschedulePolicy", rescheduleSpec),
    disconnect: once("Disconnect", {
      arguments: {
        lost_after: "LostAfter:duration?",
        stop_on_client_after: "StopOnClientAfter:duration?",
        replace: "Replace:bool?",
        reconcile: "Reconcile:string?",
      },
    }),
    ephemeral_disk: once("EphemeralDisk", {
      arguments: { sticky: "Sticky:bool?", migrate: "Migrate:bool?", size: "SizeMB:int?" },
    }),
    update: once("Update", updateSpec),
    migrate: once("Migrate", migrateSpec),
    network: list("Networks", networkSpec),
    meta: open("Meta"),
    service: list("Services", serviceSpec),
    scaling: once("Scaling", groupScalingSpec),
    consul: once("Consul", consulSpec),
    vault: once("$vault", vaultSpec),
    secret: list("$secrets", secretSpec),
  },
};

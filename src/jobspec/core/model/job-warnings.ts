import type { Job, Service, Task, TaskGroup, WorkloadIdentity } from "../../../model/job.ts";
import { volumeTypes } from "./stored-job.ts";
import { faultsOf, nested, quoted } from "./faults.ts";

/** What is accepted but deserves a word. */
export function jobWarnings(job: Job): string[] {
  const promoting = job.TaskGroups.filter((group) => group.Update?.AutoPromote === true).length;
  return [
    ...job.TaskGroups.flatMap((group) =>
      nested(`Group ${quoted(group.Name)} has warnings`, groupWarnings(group)),
    ),
    ...faultsOf(
      [
        promoting > 0 && promoting < job.TaskGroups.length,
        "auto_promote must be true for all groups to enable automatic promotion",
      ],
      [
        (job.Periodic?.Spec ?? "") !== "",
        "cron is deprecated and may be removed in a future release, use crons instead",
      ],
    ),
    ...vaultIdentityWarnings(job),
    ...job.TaskGroups.filter((group) => dropsConnections(group)).map(
      (group) =>
        `group ${quoted(group.Name)} defines services, but neither the group nor any of its tasks have shutdown_delay set`,
    ),
  ];
}

/** An identity for Vault is of no use without the block that asks for its token. */
const vaultIdentityWarnings = (job: Job): string[] =>
  job.TaskGroups.flatMap((group) =>
    group.Tasks.filter((task) => task.Vault === null).flatMap((task) =>
      (task.Identities ?? [])
        .filter(({ Name }) => Name.startsWith("vault_"))
        .map(({ Name }) => `Task ${task.Name} has an identity called ${Name} but no vault block`),
    ),
  );

/** A cluster gives no task more memory than it asks for at least, unless its configuration says so. */
export const memoryMaxWarnings = (job: Job): string[] =>
  job.TaskGroups.flatMap((group) =>
    group.Tasks.filter((task) => task.Resources.MemoryMaxMB !== 0).map(
      (task) =>
        `Memory oversubscription is not enabled; Task "${group.Name}.${task.Name}" memory_max value will be ignored. ` +
        "Update the Scheduler Configuration to allow oversubscription.",
    ),
  );

/** The fields of a group, as it was sent, that its stored form may lack. */
export interface SentGroup {
  readonly Name?: string | null;
  readonly MaxClientDisconnect?: number | null;
  readonly StopAfterClientDisconnect?: number | null;
  readonly PreventRescheduleOnLost?: boolean | null;
  readonly Volumes?: { readonly [label: string]: { readonly Type?: string | null } } | null;
}

/** What a job asks for and is not kept. */
export function droppedWarnings(groups: readonly SentGroup[]): string[] {
  return groups.flatMap((group) => {
    const name = quoted(group.Name ?? "");
    const old = (field: string, instead: string): string =>
      `Group ${name}: ${field} has no effect any more, use ${instead} of the disconnect block`;
    const { MaxClientDisconnect: waits, StopAfterClientDisconnect: stops } = group;
    return faultsOf(
      [(waits ?? null) !== null, old("max_client_disconnect", "lost_after")],
      [(stops ?? null) !== null, old("stop_after_client_disconnect", "stop_on_client_after")],
      [
        group.PreventRescheduleOnLost === true,
        old("prevent_reschedule_on_lost", "replace = false"),
      ],
      ...Object.entries(group.Volumes ?? {})
        .filter(([, volume]) => !volumeTypes.includes(volume.Type ?? ""))
        .map(
          ([label, volume]) =>
            [
              true,
              `Group ${name}: volume ${quoted(label)} is left out, its type ${quoted(volume.Type ?? "")} is neither host nor csi`,
            ] as const,
        )
        .toSorted(([, a], [, b]) => (a < b ? -1 : 1)),
    );
  });
}

/** Without a delay traffic may still arrive while the task is already stopping. */
function dropsConnections(group: TaskGroup): boolean {
  const hasServices =
    (group.Services ?? []).length > 0 ||
    group.Tasks.some((task) => (task.Services ?? []).length > 0);
  const waits =
    (group.ShutdownDelay ?? 0) > 0 || group.Tasks.some((task) => task.ShutdownDelay > 0);
  return hasServices && !waits;
}

function groupWarnings(group: TaskGroup): string[] {
  const parallel = group.Update?.MaxParallel ?? 0;
  return [
    ...faultsOf(
      [
        group.Count > 1 && parallel > group.Count,
        () =>
          `Update max parallel count is greater than task group count (${parallel} > ${group.Count}). ` +
          "A destructive change would result in the simultaneous replacement of all allocations.",
      ],
      [
        (group.Networks?.[0]?.MBits ?? 0) > 0,
        "mbits has been deprecated as of Nomad 0.12.0. Please remove mbits from the network block",
      ],
    ),
    ...(group.Services ?? []).flatMap((service) => serviceWarnings(service)),
    ...group.Tasks.flatMap((task) =>
      taskWarnings(task).map((warning) => `Task ${quoted(task.Name)}: ${warning}`),
    ),
  ];
}

const serviceWarnings = ({ Identity, Name }: Service): string[] =>
  Identity === null
    ? []
    : identityWarnings(Identity).map((warning) => `Service ${quoted(Name)}: ${warning}`);

function taskWarnings(task: Task): string[] {
  return [
    ...faultsOf(
      [
        task.Resources.IOPS !== 0,
        "IOPS has been deprecated as of Nomad 0.9.0. Please remove IOPS from resource block.",
      ],
      [
        (task.Resources.Networks ?? []).length > 0,
        () =>
          "task network resources have been deprecated as of Nomad 0.12.0. " +
          "Please configure networking via group network block.",
      ],
    ),
    ...(task.Templates ?? []).flatMap((template, at) =>
      faultsOf([
        template.VaultGrace !== 0,
        () =>
          `Template[${at}] VaultGrace has been deprecated as of Nomad 0.11 and ignored since Vault 0.5. ` +
          "Please remove VaultGrace / vault_grace from template block.",
      ]),
    ),
    ...(task.Identities ?? []).flatMap((identity) =>
      identityWarnings(identity).map((warning) => `Identity ${quoted(identity.Name)}: ${warning}`),
    ),
  ];
}

function identityWarnings({ Audience, ChangeMode, Env, TTL }: WorkloadIdentity): string[] {
  const audiences = (Audience ?? []).length;
  return faultsOf(
    [audiences === 0, "identities without an audience are insecure"],
    [
      audiences > 1,
      "while multiple audiences are allowed, it is more secure to use 1 audience per identity",
    ],
    [TTL === 0, "identities without an expiration are insecure"],
    [
      Env && ChangeMode !== "restart",
      'using env=true without change_mode="restart" may result in task not getting updated identity',
    ],
  );
}

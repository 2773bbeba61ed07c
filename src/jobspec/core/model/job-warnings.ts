import type { Job, Task, TaskGroup, WorkloadIdentity } from "../../../model/job.ts";
import { volumeTypes } from "./stored-job.ts";
import { eachOf, faultsOf, nested, quoted, within } from "./faults.ts";
import type { Check, JobFault } from "./faults.ts";

/** What is accepted but deserves a word. */
export function jobWarnings(job: Job): JobFault[] {
  const promoting = job.TaskGroups.filter((group) => group.Update?.AutoPromote === true).length;
  return [
    ...eachOf("TaskGroups", job.TaskGroups, (group) =>
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
        "Periodic",
        "Spec",
      ],
    ),
    ...vaultIdentityWarnings(job),
    ...eachOf("TaskGroups", job.TaskGroups, (group) =>
      faultsOf([
        dropsConnections(group),
        () =>
          `group ${quoted(group.Name)} defines services, but neither the group nor any of its tasks have shutdown_delay set`,
      ]),
    ),
  ];
}

/** An identity for Vault is of no use without the block that asks for its token. */
const vaultIdentityWarnings = (job: Job): JobFault[] =>
  eachOf("TaskGroups", job.TaskGroups, (group) =>
    eachOf("Tasks", group.Tasks, (task) =>
      eachOf("Identities", task.Identities, ({ Name }) =>
        faultsOf([
          task.Vault === null && Name.startsWith("vault_"),
          () => `Task ${task.Name} has an identity called ${Name} but no vault block`,
          "Name",
        ]),
      ),
    ),
  );

/** A cluster gives no task more memory than it asks for at least, unless its configuration says so. */
export const memoryMaxWarnings = (job: Job): JobFault[] =>
  eachOf("TaskGroups", job.TaskGroups, (group) =>
    eachOf("Tasks", group.Tasks, (task) =>
      faultsOf([
        task.Resources.MemoryMaxMB !== 0,
        () =>
          `Memory oversubscription is not enabled; Task "${group.Name}.${task.Name}" memory_max value will be ignored. ` +
          "Update the Scheduler Configuration to allow oversubscription.",
        "Resources",
        "MemoryMaxMB",
      ]),
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
export function droppedWarnings(groups: readonly SentGroup[]): JobFault[] {
  return eachOf("TaskGroups", groups, (group) => {
    const name = quoted(group.Name ?? "");
    const old = (field: string, instead: string): string =>
      `Group ${name}: ${field} has no effect any more, use ${instead} of the disconnect block`;
    const { MaxClientDisconnect: waits, StopAfterClientDisconnect: stops } = group;
    return faultsOf(
      [(waits ?? null) !== null, old("max_client_disconnect", "lost_after"), "MaxClientDisconnect"],
      [
        (stops ?? null) !== null,
        old("stop_after_client_disconnect", "stop_on_client_after"),
        "StopAfterClientDisconnect",
      ],
      [
        group.PreventRescheduleOnLost === true,
        old("prevent_reschedule_on_lost", "replace = false"),
        "PreventRescheduleOnLost",
      ],
      ...Object.entries(group.Volumes ?? {})
        .filter(([, volume]) => !volumeTypes.includes(volume.Type ?? ""))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([label, volume]): Check => [
          true,
          `Group ${name}: volume ${quoted(label)} is left out, its type ${quoted(volume.Type ?? "")} is neither host nor csi`,
          "Volumes",
          label,
          "Type",
        ]),
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

function groupWarnings(group: TaskGroup): JobFault[] {
  const parallel = group.Update?.MaxParallel ?? 0;
  return [
    ...faultsOf(
      [
        group.Count > 1 && parallel > group.Count,
        () =>
          `Update max parallel count is greater than task group count (${parallel} > ${group.Count}). ` +
          "A destructive change would result in the simultaneous replacement of all allocations.",
        "Update",
        "MaxParallel",
      ],
      [
        (group.Networks?.[0]?.MBits ?? 0) > 0,
        "mbits has been deprecated as of Nomad 0.12.0. Please remove mbits from the network block",
        "Networks",
        0,
        "MBits",
      ],
    ),
    ...eachOf("Services", group.Services, ({ Identity, Name }) =>
      Identity === null
        ? []
        : within(["Identity"], identityWarnings(Identity)).map((warning) =>
            under(`Service ${quoted(Name)}`, warning),
          ),
    ),
    ...eachOf("Tasks", group.Tasks, (task) =>
      taskWarnings(task).map((warning) => under(`Task ${quoted(task.Name)}`, warning)),
    ),
  ];
}

/** The same warning, told with the part that it is about. */
const under = (part: string, warning: JobFault): JobFault => ({
  ...warning,
  text: `${part}: ${warning.text}`,
});

function taskWarnings(task: Task): JobFault[] {
  return [
    ...faultsOf(
      [
        task.Resources.IOPS !== 0,
        "IOPS has been deprecated as of Nomad 0.9.0. Please remove IOPS from resource block.",
        "Resources",
        "IOPS",
      ],
      [
        (task.Resources.Networks ?? []).length > 0,
        () =>
          "task network resources have been deprecated as of Nomad 0.12.0. " +
          "Please configure networking via group network block.",
        "Resources",
        "Networks",
        0,
      ],
    ),
    ...eachOf("Templates", task.Templates, (template, at) =>
      faultsOf([
        template.VaultGrace !== 0,
        () =>
          `Template[${at}] VaultGrace has been deprecated as of Nomad 0.11 and ignored since Vault 0.5. ` +
          "Please remove VaultGrace / vault_grace from template block.",
        "VaultGrace",
      ]),
    ),
    ...eachOf("Identities", task.Identities, (identity) =>
      identityWarnings(identity).map((warning) =>
        under(`Identity ${quoted(identity.Name)}`, warning),
      ),
    ),
  ];
}

function identityWarnings({ Audience, ChangeMode, Env, TTL }: WorkloadIdentity): JobFault[] {
  const audiences = (Audience ?? []).length;
  return faultsOf(
    [audiences === 0, "identities without an audience are insecure", "Audience"],
    [
      audiences > 1,
      "while multiple audiences are allowed, it is more secure to use 1 audience per identity",
      "Audience",
    ],
    [TTL === 0, "identities without an expiration are insecure", "TTL"],
    [
      Env && ChangeMode !== "restart",
      'using env=true without change_mode="restart" may result in task not getting updated identity',
      "Env",
    ],
  );
}

import type { Task, TaskGroup, WorkloadIdentity } from "../../../model/job.ts";

/** The first thing a task asks for that this node cannot do; running it without would be a pretence. */
export function unsupportedFeature(task: Task, group: TaskGroup): string | undefined {
  const asked: readonly (readonly [string, boolean])[] = [
    ["vault blocks", task.Vault !== null],
    ["secret blocks", hasAny(task.Secrets)],
    ["csi_plugin blocks", task.CSIPluginConfig !== null],
    ["identities in env or file", [task.Identity, ...(task.Identities ?? [])].some(isHandedOut)],
    ["schedule blocks", task.Schedule !== null],
    ["connect services", [...(group.Services ?? []), ...(task.Services ?? [])].some(isConnected)],
    ["cni networks", (group.Networks ?? []).some(({ Mode }) => Mode.startsWith("cni/"))],
  ];
  const found = asked.find(([, isAsked]) => isAsked);
  return found && `${found[0]} are not supported by this node yet`;
}

const isHandedOut = (identity: WorkloadIdentity | null): boolean =>
  identity !== null && (identity.Env || identity.File);
const hasAny = (list: readonly unknown[] | null): boolean => list !== null && list.length > 0;
const isConnected = (service: { readonly Connect: unknown }): boolean => service.Connect !== null;

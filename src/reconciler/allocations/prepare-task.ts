import type { HostMount, TaskDriver } from "../../drivers/port.ts";
import type { Clock } from "../../lib/clock.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import type { Failpoint } from "../../lib/failpoint.ts";
import { around } from "../../lib/failpoint.ts";
import type { Logger } from "../../lib/logger.ts";
import type { FilesPlace } from "../../model/failpoints.ts";
import type { StringMap, TaskArtifact } from "../../model/job.ts";
import { fetchArtifacts, type ArtifactSettings } from "../../node/artifacts.ts";
import type { NodeDevices } from "../../node/devices.ts";
import { writeDispatchPayload } from "../../node/dispatch-payload.ts";
import { findSystemUser } from "../../node/system-user.ts";
import { resolveHostVolumes } from "../../node/host-volumes.ts";
import { vanishedDevices } from "../core/node/device-variables.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import { interpolateMap, interpolateText } from "../core/node/interpolate.ts";
import type { Outcome } from "../core/node/types.ts";
import { environmentOf, type SpecInput } from "./task-spec.ts";
import type { TemplateFollowers } from "./task-templates.ts";

export interface PrepareContext {
  readonly artifacts: ArtifactSettings;
  readonly devices: NodeDevices | undefined;
  readonly templates: TemplateFollowers;
  readonly failpoint: Failpoint;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tell: (outcome: Outcome) => void;
  readonly signal: AbortSignal;
}
export interface Prepared {
  readonly ok: true;
  readonly mounts: readonly HostMount[];
  /** Variables of templates; they win over all others. */
  readonly env: StringMap;
}
type Failed = Extract<Outcome, { kind: "start-failed" }>;
export type Preparation = Prepared | { readonly ok: false; readonly failed: Failed };

/** Everything that has to be in a task's folders before its start, each thing done once however often it is asked for. */
export async function prepareTask(
  context: PrepareContext,
  spec: Omit<SpecInput, "prepared">,
): Promise<Preparation> {
  const { task, desired, node } = spec;
  const failed = (stage: Failed["stage"], error: string, isRecoverable: boolean): Preparation => ({
    ok: false,
    failed: { kind: "start-failed", task: task.Name, stage, error, isRecoverable },
  });
  const passing = <T>(place: FilesPlace, work: () => Promise<T>): Promise<T> =>
    around(context.failpoint, place, work);
  await passing("payload", () =>
    writeDispatchPayload(spec.paths.local, task.DispatchPayload?.File, desired.job.Payload),
  );
  const volumes = await resolveHostVolumes({
    volumes: groupOf(desired).Volumes,
    mounts: task.VolumeMounts,
    offered: node.HostVolumes ?? {},
    allocationIndex: Number(/\[(\d+)\]$/.exec(desired.allocation.Name)?.[1] ?? 0),
  });
  if (!volumes.ok) return failed("setup", volumes.errors.join("; "), false);
  if (volumes.binds.length > 0 && !canMount(spec.driver))
    return failed("setup", `the driver ${spec.driver.name} cannot mount volumes`, false);
  const vanished = await missingDevices(context, spec);
  if (vanished.length > 0)
    return failed("setup", `unknown device IDs: ${vanished.join(",")}`, true);
  try {
    await passing("artifacts", () => bringArtifacts(context, spec));
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    return failed("artifact", withCauses(thrown), true);
  }
  const rendered = await passing("templates", () => context.templates.render(spec, context.signal));
  if (rendered.kind === "failed") return failed("template", rendered.reason, false);
  return { ok: true, mounts: volumes.binds, env: rendered.env };
}

/** Right after the agent's start nobody has looked yet which devices there are: that is waited for. */
async function missingDevices(
  { devices, signal }: PrepareContext,
  { desired, task }: Omit<SpecInput, "prepared">,
): Promise<readonly string[]> {
  const given = desired.allocation.AllocatedResources.Tasks[task.Name]?.Devices ?? [];
  if (given.length === 0) return [];
  await devices?.settled(signal);
  return vanishedDevices(given, devices?.current() ?? []);
}

/** A task that sees the host as it is has no place of its own for a volume. */
const canMount = ({ isolation }: TaskDriver): boolean => isolation !== "none";

async function bringArtifacts(
  { artifacts: settings, clock, log, signal, tell }: PrepareContext,
  spec: Omit<SpecInput, "prepared">,
): Promise<void> {
  const { task, paths } = spec;
  const artifacts = task.Artifacts ?? [];
  if (artifacts.length === 0) return;
  // Paths mean places on this machine here, wherever the task will see them.
  const tables = [environmentOf(spec, paths)];
  const user = artifacts.some(({ Chown }) => Chown) ? await findSystemUser(task.User) : undefined;
  await fetchArtifacts(
    artifacts.map((artifact) => interpolated(artifact, tables)),
    {
      paths,
      settings,
      user,
      clock,
      log,
      signal,
      notice: () => {
        tell({ kind: "noted", task: task.Name, note: { kind: "downloading-artifacts" } });
      },
    },
  );
}

function interpolated(artifact: TaskArtifact, tables: readonly StringMap[]): TaskArtifact {
  const map = (values: StringMap | null): StringMap | null =>
    values && interpolateMap(values, tables);
  return {
    ...artifact,
    GetterSource: interpolateText(artifact.GetterSource, tables),
    RelativeDest: interpolateText(artifact.RelativeDest, tables),
    GetterOptions: map(artifact.GetterOptions),
    GetterHeaders: map(artifact.GetterHeaders),
  };
}

/** What failed, and why, in one line. */
function withCauses(thrown: unknown): string {
  const cause = thrown instanceof AppError ? thrown.cause : undefined;
  return cause === undefined ? errorText(thrown) : `${errorText(thrown)}: ${errorText(cause)}`;
}

import type { ObservedTask, TaskDriver, TaskOwner } from "../../drivers/port.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Failpoint } from "../../lib/failpoint.ts";
import { around } from "../../lib/failpoint.ts";
import type { Logger } from "../../lib/logger.ts";
import type { FilesPlace } from "../../model/failpoints.ts";
import type { AllocationId } from "../../model/ids.ts";
import type { Task } from "../../model/job.ts";
import type { AllocationDirectories } from "../../node/alloc-directory.ts";
import type { Exit, Notice, Outcome, SeenTask, TaskAction } from "../core/node/types.ts";
import type { NodeDevices } from "../../node/devices.ts";
import type { StickyDisks } from "../../node/sticky-disk.ts";
import type { AllocationSource, DesiredAllocation } from "../ports.ts";
import type { ArtifactSettings } from "../../node/artifacts.ts";
import { inheritDisk } from "./inherit-disk.ts";
import { prepareTask, type Prepared } from "./prepare-task.ts";
import { buildTaskSpec } from "./task-spec.ts";
import type { SpecInput } from "./task-spec.ts";
import type { TemplateFollowers } from "./task-templates.ts";

export interface OperationContext {
  readonly desired: DesiredAllocation;
  readonly task: Task;
  readonly driver: TaskDriver;
  readonly owner: TaskOwner;
  readonly directories: AllocationDirectories;
  readonly disks: StickyDisks;
  readonly previousOf: (id: AllocationId) => AllocationId | null;
  readonly source: AllocationSource;
  readonly failpoint: Failpoint;
  readonly clock: Clock;
  readonly log: Logger;
  readonly artifacts: ArtifactSettings;
  readonly devices: NodeDevices | undefined;
  readonly templates: TemplateFollowers;
  /** What happens on the way, before the end of the call. */
  readonly tell: (outcome: Outcome) => void;
  readonly signal: AbortSignal;
}

const passing = <T>(
  { failpoint }: OperationContext,
  place: FilesPlace,
  work: () => Promise<T>,
): Promise<T> => around(failpoint, place, work);

/** Makes the directories and starts the task. Only an engine out of reach throws: everything else is an outcome. */
export async function startTask(
  context: OperationContext,
  spec: Omit<SpecInput, "paths" | "prepared">,
  specHash: string | undefined,
): Promise<Outcome> {
  const { desired, task, driver, tell } = context;
  const failed = (stage: "setup" | "validation" | "driver", error: string, ok = true): Outcome => ({
    kind: "start-failed",
    task: task.Name,
    stage,
    error,
    isRecoverable: ok,
  });
  let paths;
  try {
    const refused = await passing(context, "disk", () => inheritDisk(context));
    if (refused) return refused;
    const { SecretsMB } = task.Resources;
    paths = await passing(context, "folders", () =>
      context.directories.build(desired.allocation.ID, task.Name, SecretsMB),
    );
  } catch (thrown) {
    return failed("setup", errorText(thrown));
  }
  tell({ kind: "set-up", task: task.Name });
  const prepared = await prepare(context, { ...spec, paths });
  if ("kind" in prepared) return prepared;
  const built = buildTaskSpec({ ...spec, paths, prepared });
  if (!built.ok) return failed("validation", built.error, false);
  const notice = (words: Notice): void => {
    tell({ kind: "notice", task: task.Name, notice: words });
  };
  try {
    const wanted = { ...built.spec, specHash: specHash ?? built.spec.specHash };
    const seen = await driver.start(wanted, notice, context.signal);
    return { kind: "started", task: task.Name, seen: seenTask(seen) };
  } catch (thrown) {
    if (context.signal.aborted) return { kind: "start-cancelled", task: task.Name };
    if (isUnreachable(thrown) || isOwnTrouble(thrown)) throw thrown;
    const isHopeless = thrown instanceof AppError && thrown.fields["recoverable"] === false;
    return failed("driver", errorText(thrown), !isHopeless);
  }
}

/** A start that is called off while it prepares has started nothing. */
async function prepare(
  context: OperationContext,
  spec: Omit<SpecInput, "prepared">,
): Promise<Prepared | Outcome> {
  const { task, signal } = context;
  try {
    const preparation = await prepareTask(context, spec);
    return preparation.ok ? preparation : preparation.failed;
  } catch (thrown) {
    if (signal.aborted) return { kind: "start-cancelled", task: task.Name };
    const error = errorText(thrown);
    return { kind: "start-failed", task: task.Name, stage: "setup", error, isRecoverable: true };
  }
}

/** Stops the attempt; with no handle, everything that carries the task's labels. */
export async function stopTask(
  context: OperationContext,
  action: Extract<TaskAction, { kind: "stop" }>,
): Promise<Outcome> {
  const { driver, signal } = context;
  const options = { signal: action.signal, timeoutMs: action.timeoutMs };
  if (action.handle !== undefined) {
    await driver.stop(action.handle, options, signal);
    const left = await driver.inspect(action.handle, signal);
    return { kind: "stopped", task: action.task, exit: left?.exit ?? null };
  }
  let exit: Exit | null = null;
  for (const found of await tasksOf(context)) {
    await driver.stop(found.handle, options, signal);
    exit = (await driver.inspect(found.handle, signal))?.exit ?? exit;
    await driver.remove(found.handle, signal);
  }
  return { kind: "stopped", task: action.task, exit };
}

async function tasksOf(context: OperationContext): Promise<readonly ObservedTask[]> {
  const { desired, task, driver, owner, signal } = context;
  return (await driver.list(owner, signal)).filter(
    ({ key }) => key.allocationId === desired.allocation.ID && key.task === task.Name,
  );
}

export async function removeTask(
  context: OperationContext,
  action: Extract<TaskAction, { kind: "remove" }>,
): Promise<Outcome> {
  await context.driver.remove(action.handle, context.signal);
  return { kind: "removed", task: action.task };
}

export const isUnreachable = (thrown: unknown): boolean =>
  thrown instanceof AppError && thrown.code === "driver-unreachable";

/** The node's own memory takes no more: nothing that a task's restart policy should be charged for. */
export const isOwnTrouble = (thrown: unknown): boolean =>
  thrown instanceof AppError && thrown.code === "storage";

export function seenTask(observed: ObservedTask): SeenTask {
  const { handle, attempt, specHash, state, startedAt, finishedAt, exit, network, health } =
    observed;
  const seen = { handle, attempt, specHash, state, startedAt, finishedAt, exit } as const;
  return { kind: "seen", ...seen, ...(network ? { network } : {}), ...(health ? { health } : {}) };
}

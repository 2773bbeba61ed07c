import { join } from "node:path";
import { breatherOf } from "../lib/breather.ts";
import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { Limiter } from "../lib/limiter.ts";
import type { Logger } from "../lib/logger.ts";
import { abortReasonOf } from "../lib/abort.ts";
import type { TaskArtifact } from "../model/job.ts";
import type { TaskPaths } from "./alloc-directory.ts";
import { createAddressGuard, systemResolve } from "./artifact/address-guard.ts";
import type { AddressGuard, Resolve } from "./artifact/address-guard.ts";
import { placeOf } from "./artifact/core/destination.ts";
import { identityText, planArtifact, shownSource } from "./artifact/core/plan.ts";
import { defaultArtifactSettings, readArtifactSettings } from "./artifact/core/settings.ts";
import type { ArtifactSettings } from "./artifact/core/settings.ts";
import { failure } from "./artifact/failure.ts";
import { fetchOne } from "./artifact/fetch-one.ts";
import type { Owner } from "./artifact/install.ts";
import { openMarkers } from "./artifact/markers.ts";
import type { Markers } from "./artifact/markers.ts";
import { mountName } from "./secrets-mount.ts";

export { defaultArtifactSettings, readArtifactSettings };
export type { ArtifactSettings };

export interface ArtifactContext {
  readonly paths: Pick<TaskPaths, "allocation" | "task">;
  readonly settings: ArtifactSettings;
  /** The task's user on this machine, for artifacts with `chown`; undefined when it has none. */
  readonly user: Owner | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Told once, and only if anything has to be fetched. */
  readonly notice: (message: string) => void;
  /** Names to addresses; the system's way when undefined. */
  readonly resolve?: Resolve;
}

const atOnce = 3;
const nobody = 65_534;

/**
 * Brings a task's artifacts into its directories, three at a time in the order of the list. What is there already,
 * by a record that no task can write, is left as it is. All text must be interpolated, paths to paths of this machine.
 * Throws the first failure as AppError `driver` with `fields.recoverable`: the restart policy decides about the rest.
 */
export async function fetchArtifacts(
  artifacts: readonly TaskArtifact[],
  context: ArtifactContext,
): Promise<void> {
  if (artifacts.length === 0) return;
  const { paths, settings, signal } = context;
  const task = paths.task.split("/").at(-1) ?? "";
  const markers = await openMarkers(paths.allocation, task, await memoryOf(artifacts, context));
  const missing = await stillMissing(artifacts, markers);
  if (missing.length === 0) return;
  context.notice("Client is downloading artifacts");
  const guard = createAddressGuard(context.resolve ?? systemResolve, settings.allowedNetworks);
  // One failure ends them all: the task cannot start now, and a later try begins with what is done.
  const stop = new AbortController();
  const onOuter = (): void => {
    stop.abort(abortReasonOf(signal));
  };
  if (signal.aborted) onOuter();
  signal.addEventListener("abort", onOuter, { once: true });
  const limiter = new Limiter(atOnce);
  const work = { ...context, guard, markers, signal: stop.signal };
  try {
    const all = missing.map((artifact) =>
      limiter.run(async () => {
        try {
          await fetchAndMark(artifact, work);
        } catch (thrown) {
          stop.abort(thrown);
          throw thrown;
        }
      }),
    );
    await Promise.allSettled(all);
    if (stop.signal.aborted) throw abortReasonOf(stop.signal);
  } finally {
    signal.removeEventListener("abort", onOuter);
  }
}

/**
 * What goes into the task's secrets goes with them, at a reboot for example: its record names the mount that it was
 * fetched into. Where secrets are a plain folder there is no such name.
 */
async function memoryOf(
  artifacts: readonly TaskArtifact[],
  { paths }: ArtifactContext,
): Promise<ReadonlyMap<string, string>> {
  const base = paths.task.slice(paths.allocation.length + 1);
  const mounts = new Map<string, string>();
  for (const artifact of artifacts) {
    const place = placeOf(artifact.RelativeDest, paths);
    const folder = place?.[0] === base ? place[1] : undefined;
    if (folder !== "secrets" && folder !== "private") continue;
    const mount = await mountName(join(paths.task, folder));
    if (mount !== undefined) mounts.set(identityText(artifact), mount);
  }
  return mounts;
}

/** Two equal ones are one. */
async function stillMissing(
  artifacts: readonly TaskArtifact[],
  markers: Markers,
): Promise<readonly TaskArtifact[]> {
  const byIdentity = new Map(artifacts.map((artifact) => [identityText(artifact), artifact]));
  const missing: TaskArtifact[] = [];
  for (const [identity, artifact] of byIdentity)
    if (!(await markers.has(identity))) missing.push(artifact);
  return missing;
}

interface Work extends ArtifactContext {
  readonly guard: AddressGuard;
  readonly markers: Markers;
}

async function fetchAndMark(artifact: TaskArtifact, work: Work): Promise<void> {
  const { signal, log, clock, markers } = work;
  if (signal.aborted) throw abortReasonOf(signal);
  const identity = identityText(artifact);
  const source = shownSource(artifact.GetterSource);
  const startMs = clock.monotonicMs();
  try {
    await fetchPlanned(artifact, work);
    await markers.add(identity);
  } catch (cause) {
    if (signal.aborted) throw abortReasonOf(signal);
    throw new AppError("driver", `failed to download artifact "${source}"`, {
      cause,
      fields: { recoverable: true, source },
    });
  }
  log.info({ source, ms: Math.round(clock.monotonicMs() - startMs) }, "artifact fetched");
}

async function fetchPlanned(artifact: TaskArtifact, work: Work): Promise<void> {
  const { paths, settings, clock, guard, signal } = work;
  const planned = planArtifact(artifact, paths);
  if (!planned.ok) throw failure(planned.error);
  const { plan } = planned;
  await fetchOne({
    plan,
    workRoot: work.markers.work,
    allocation: paths.allocation,
    owner: ownerOf(plan.chown, work.user),
    limits: {
      maxFiles: settings.maxFiles,
      maxBytes: settings.maxUnpackedBytes,
      maxDownloadBytes: settings.httpMaxBytes,
      totalMs: plan.source.kind === "git" ? settings.gitTimeoutMs : settings.httpTimeoutMs,
      stallMs: settings.stallTimeoutMs,
    },
    clock,
    breather: breatherOf(clock),
    guard,
    signal,
  });
}

/** Like the task's directories themselves, unless the task's own user is wanted. */
function ownerOf(isChowned: boolean, user: Owner | undefined): Owner | undefined {
  const isRoot = process.getuid?.() === 0;
  if (!isChowned) return isRoot ? { uid: nobody, gid: nobody } : undefined;
  if (user === undefined) throw failure("chown needs a task with a user of this machine");
  const isMe = user.uid === process.getuid?.();
  if (!isRoot && !isMe) throw failure("chown needs an agent that runs as root");
  return user;
}

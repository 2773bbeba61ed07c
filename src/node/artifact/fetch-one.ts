import { lstat, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Breather } from "../../lib/breather.ts";
import type { Clock } from "../../lib/clock.ts";
import type { AddressGuard } from "./address-guard.ts";
import type { ArtifactPlan } from "./core/plan.ts";
import { hasWildcard, matchesWildcard } from "./core/wildcard.ts";
import { startDeadline } from "./deadline.ts";
import type { Deadline } from "./deadline.ts";
import { digestFor, download } from "./download.ts";
import { failure } from "./failure.ts";
import { fetchGit } from "./git.ts";
import { install, plainMode } from "./install.ts";
import type { Owner } from "./install.ts";
import { settle } from "./settle.ts";
import type { UnpackLimits } from "./tree-writer.ts";
import { singleName, unpack } from "./unpack.ts";

export interface FetchOptions {
  readonly plan: ArtifactPlan;
  /** Where only the agent has access; it is as empty afterwards as before. */
  readonly workRoot: string;
  readonly allocation: string;
  readonly owner: Owner | undefined;
  readonly limits: UnpackLimits & {
    readonly maxDownloadBytes: number;
    readonly totalMs: number;
    readonly stallMs: number;
  };
  readonly clock: Clock;
  readonly breather: Breather;
  readonly guard: AddressGuard;
  readonly signal: AbortSignal;
}

/** Fetches one artifact into its place. Until all of it is here and checked, nothing of it is there. */
export async function fetchOne(options: FetchOptions): Promise<void> {
  const { plan, limits, clock, signal } = options;
  // Never the same twice: a git that outlived its agent may still write to the one it had.
  const work = await mkdtemp(join(options.workRoot, "get-"));
  // Git speaks to no one while it unpacks, so silence means nothing there.
  const stallMs = plan.source.kind === "git" ? limits.totalMs : limits.stallMs;
  const deadline = startDeadline(clock, { totalMs: limits.totalMs, stallMs }, signal);
  let fetched: string;
  try {
    fetched = await fetch(options, work, deadline);
    const from = await select(fetched, plan.source.subpath);
    await settle(from);
    deadline.signal.throwIfAborted();
    await place(options, from);
  } finally {
    deadline.close();
    await rm(work, { recursive: true, force: true });
  }
}

/** The folder or file that was fetched, unpacked where that is wanted. */
async function fetch(
  { plan, limits, breather, guard, signal }: FetchOptions,
  work: string,
  deadline: Deadline,
): Promise<string> {
  const { source, headers, isInsecure, archive } = plan;
  const common = { headers, isInsecure, guard, deadline };
  if (source.kind === "git") {
    const folder = await fetchGit({ ...common, source, work });
    // The history of a part of a repository is the history of something else.
    if (source.subpath.length > 0) await rm(join(folder, ".git"), { recursive: true, force: true });
    return folder;
  }
  const path = join(work, "download");
  const request = { ...common, url: source.url };
  const checksum = plan.checksum && (await digestFor(plan.checksum, request));
  await download(request, path, { maxBytes: limits.maxDownloadBytes, checksum });
  // What comes now depends on this machine only, however long it takes.
  deadline.close();
  if (archive === undefined) {
    await plainMode(path);
    return path;
  }
  const folder = join(work, "tree");
  await mkdir(folder, { mode: 0o700 });
  await unpack({ path, kind: archive, folder, limits, breather, signal });
  return archive.form === "file" ? join(folder, singleName) : folder;
}

/** The part that was asked for. Nothing below is a link: neither unpacking nor git makes any here. */
async function select(root: string, subpath: readonly string[]): Promise<string> {
  let path = root;
  for (const part of subpath) {
    const names = (await readdir(path)).filter((name) =>
      hasWildcard(part) ? matchesWildcard(part, name) : part === name,
    );
    const [name] = names;
    if (name === undefined) throw failure(`it has no ${JSON.stringify(part)} in it`);
    if (names.length > 1) throw failure(`more than one name in it fits ${JSON.stringify(part)}`);
    path = join(path, name);
  }
  return path;
}

async function place(
  { plan: { target }, allocation, owner, signal }: FetchOptions,
  fetched: string,
): Promise<void> {
  const isFolder = (await lstat(fetched)).isDirectory();
  if (target.kind === "file") {
    const from = isFolder ? await onlyFile(fetched) : fetched;
    await install({ from, kind: "file", allocation, parts: target.parts, owner, signal });
    return;
  }
  // A single file that was selected keeps its name in the folder.
  const parts = isFolder ? target.parts : [...target.parts, fetched.split("/").at(-1) ?? ""];
  const kind = isFolder ? "folder" : "file";
  await install({ from: fetched, kind, allocation, parts, owner, signal });
}

async function onlyFile(folder: string): Promise<string> {
  const [entry, ...more] = await readdir(folder, { withFileTypes: true });
  if (entry === undefined || more.length > 0 || !entry.isFile())
    throw failure('mode "file" needs an archive of exactly one file');
  return join(folder, entry.name);
}

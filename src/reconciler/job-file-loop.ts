import { basename } from "node:path";
import { breatherOf } from "../lib/breather.ts";
import type { Clock } from "../lib/clock.ts";
import { errorText } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import { runSteps } from "../lib/run-steps.ts";
import { ReconcileLoop, type Turn } from "../lib/work-queue.ts";
import { newEvaluation } from "../model/build.ts";
import { evaluationId, jobId } from "../model/ids.ts";
import type { Job } from "../model/job.ts";
import type { JobSource } from "../model/job-source.ts";
import { isParameterized, isPeriodic, isSameSpecSteps } from "../model/job-spec.ts";
import type { Store } from "../store/store.ts";
import { decideRemoval } from "./core/folder/decide-removal.ts";
import { decideSource, type LoadedFile } from "./core/folder/decide-source.ts";
import { type JobFileRead, readJobFile } from "./job-file-reader.ts";
import { folderIdentity, watchJobFolder } from "./job-folder.ts";
import { type AskReader, SecondReader } from "./second-reader.ts";

export interface JobFileLoopOptions {
  readonly agent: string;
  readonly dir: string;
  readonly rescanMs: number;
  readonly deleteGraceMs: number;
  readonly store: Store;
  /** Text of a job file to a stored job: parse, defaults, validation. */
  readonly loadJob: (text: string, file: string) => Promise<LoadedFile>;
  /** Whether another reader of HCL takes a text that ours accepted; see `second-reader.ts`. */
  readonly secondOpinion: AskReader;
}
export type { LoadedFile } from "./core/folder/decide-source.ts";
export interface JobFileLoop {
  stop(): Promise<void>;
}

const settleMs = 150;

/** Registers the jobs of a folder's files, and shows what became of each file. */
export function startJobFileLoop(
  clock: Clock,
  random: Random,
  log: Logger,
  options: JobFileLoopOptions,
): JobFileLoop {
  const turns = new JobFileTurns(clock, random, log.child("jobs"), options);
  const loop = new ReconcileLoop(clock, random, log, {
    name: "jobs",
    // One after the other: which of two files owns a job must not depend on a race.
    concurrency: 1,
    reconcile: (path) => turns.reconcile(path),
  });
  const folder = watchJobFolder(clock, log.child("jobs"), {
    dir: options.dir,
    rescanMs: options.rescanMs,
    changed: (path) => {
      loop.add(path);
    },
  });
  turns.viewFolder = () => folder.view();
  turns.requeue = (path) => {
    loop.add(path);
  };
  turns.second = new SecondReader(log.child("jobs"), options.secondOpinion, turns.requeue);
  for (const source of turns.sources()) loop.add(source.Path);
  return {
    async stop() {
      await folder.close();
      turns.second?.stop();
      await loop.stop();
    },
  };
}

interface SeenFile {
  readonly path: string;
  readonly folder: string;
  readonly hash: string;
}

class JobFileTurns {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Logger;
  readonly #options: JobFileLoopOptions;
  /** Size and time of a file when it was last looked at, to tell when it has come to rest. */
  readonly #lastSeen = new Map<string, string>();
  viewFolder: () => ReturnType<ReturnType<typeof watchJobFolder>["view"]> = () =>
    Promise.resolve({ kind: "gone" });
  requeue: (path: string) => void = () => undefined;
  second: SecondReader | undefined;

  constructor(clock: Clock, random: Random, log: Logger, options: JobFileLoopOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#log = log;
    this.#options = options;
  }

  sources(): readonly JobSource[] {
    return this.#options.store.read
      .jobSources()
      .filter((source) => source.Agent === this.#options.agent);
  }

  async reconcile(path: string): Promise<Turn> {
    if (!this.#options.store.leadership.leaderId()) return again(1000, "no leader yet");
    // Asked before the file is read: a folder that comes in between must not count as the one that had the file.
    const folder = await folderIdentity(this.#options.dir);
    const read = await readJobFile(path, this.#options.dir);
    switch (read.kind) {
      case "missing":
        this.#lastSeen.delete(path);
        return this.#missing(path);
      case "moving":
        return again(settleMs, "the file is still being written");
      case "refused":
        return this.#changed({ path, folder, hash: read.hash }, refusedFile(read.message));
      case "text":
        return this.#text(path, folder, read);
      default:
        return read satisfies never;
    }
  }

  async #text(
    path: string,
    folder: string,
    read: Extract<JobFileRead, { kind: "text" }>,
  ): Promise<Turn> {
    const known = this.sources().find((source) => source.Path === path);
    if (known !== undefined && known.Hash === read.hash && isSettled(known, this.sources())) {
      this.#lastSeen.set(path, read.stamp);
      if (known.Folder !== folder)
        await this.#options.store.write("source.report", { source: { ...known, Folder: folder } });
      return this.#secondOpinion({ ...known, Folder: folder });
    }
    if (this.#lastSeen.get(path) !== read.stamp) {
      this.#lastSeen.set(path, read.stamp);
      return again(settleMs, "the file changed just now");
    }
    const loaded = await this.#options.loadJob(read.text, basename(path));
    const turn = await this.#changed({ path, folder, hash: read.hash }, loaded);
    // Asked once the job is registered, and never waited for: the answer brings the path back into the queue.
    // It knows the plain form of the language only.
    if (loaded.kind === "job" && !/^\uFEFF?\s*\{/.test(read.text))
      this.second?.ask({ path, hash: read.hash, text: read.text });
    return turn;
  }

  /** What the other reader said of this very content, if it has spoken since. */
  async #secondOpinion(known: JobSource): Promise<Turn> {
    const warning = this.second?.take(known.Path, known.Hash);
    if (warning !== undefined) {
      const Warnings = known.Warnings === "" ? warning : `${known.Warnings}\n${warning}`;
      await this.#options.store.write("source.report", {
        source: { ...known, Warnings, UpdatedAt: this.#clock.nowNs() },
      });
      this.#log.warn({ path: known.Path, warning }, "job file is read in two ways");
    }
    return { kind: "done" };
  }

  async #changed(file: SeenFile, loaded: LoadedFile): Promise<Turn> {
    const { path, folder, hash } = file;
    const sources = this.sources();
    const known = sources.find((source) => source.Path === path);
    const isSeen = known?.Hash === hash && known.Folder === folder;
    if (isSeen && known.State === "rejected" && loaded.kind === "faulty") return { kind: "done" };
    const decision = decideSource({
      agent: this.#options.agent,
      path,
      folder,
      hash,
      nowNs: this.#clock.nowNs(),
      loaded,
      known,
      sources,
      isRegistered: loaded.kind === "job" && (await this.#isRegistered(loaded.job)),
    });
    if (decision.register !== null) {
      const refusal = await this.#register(decision.register);
      if (refusal !== undefined) {
        const source: JobSource = { ...decision.source, State: "rejected", Message: refusal };
        await this.#options.store.write("source.report", { source });
        return { kind: "done" };
      }
    }
    const { source } = decision;
    await this.#options.store.write("source.report", { source });
    const fields = { path, state: source.State, jobId: source.JobID };
    if (source.State === "accepted" || source.State === "unchanged")
      this.#log.info(fields, "job file read");
    else this.#log.warn({ ...fields, reason: faultText(source) }, "job file not registered");
    if (decision.orphanedJob !== null) await this.#stopUnlessHeld(decision.orphanedJob, path);
    return { kind: "done" };
  }

  async #isRegistered(job: Job): Promise<boolean> {
    const stored = this.#options.store.read.job({ namespace: job.Namespace, id: job.ID });
    if (stored === undefined) return false;
    return runSteps(isSameSpecSteps(stored, job), breatherOf(this.#clock));
  }

  async #register(job: Job): Promise<string | undefined> {
    const nowNs = this.#clock.nowNs();
    const startsNothing = isPeriodic(job) || isParameterized(job);
    try {
      await this.#options.store.write("job.register", {
        job: { ...job, SubmitTime: nowNs },
        submission: null,
        enforceIndex: null,
        evaluation: startsNothing
          ? null
          : newEvaluation({
              id: evaluationId(this.#random.uuid()),
              job,
              trigger: "job-register",
              nowNs,
            }),
        preserveCounts: false,
      });
      return undefined;
    } catch (thrown) {
      this.#log.warn({ jobId: job.ID, error: errorText(thrown) }, "registering a job file failed");
      throw thrown;
    }
  }

  async #missing(path: string): Promise<Turn> {
    const source = this.sources().find((known) => known.Path === path);
    if (source === undefined) return { kind: "done" };
    const { store, deleteGraceMs } = this.#options;
    const stored = store.read.job({ namespace: source.Namespace, id: jobId(source.JobID) });
    const removal = decideRemoval({
      source,
      sources: this.sources(),
      folder: await this.viewFolder(),
      graceMs: deleteGraceMs,
      nowNs: this.#clock.nowNs(),
      jobExists: stored !== undefined && !stored.Stop,
    });
    switch (removal.kind) {
      case "forget":
        await this.#forget(source);
        return { kind: "done" };
      case "hold":
        if (source.State !== "held" || source.Message !== removal.source.Message) {
          this.#log.warn(
            { path, jobId: source.JobID, reason: removal.source.Message },
            "job file held",
          );
          await store.write("source.report", { source: removal.source });
        }
        return again(5000, "held");
      case "wait":
        if (removal.source !== source) {
          this.#log.info(
            { path, jobId: source.JobID },
            "job file is gone, its job stops after a grace",
          );
          await store.write("source.report", { source: removal.source });
        }
        return again(removal.afterMs, "grace after a removal");
      case "stop":
        this.#log.info({ path, jobId: source.JobID }, "stopping the job of a removed file");
        await this.#deregister({ namespace: source.Namespace, id: source.JobID });
        await this.#forget(source);
        return { kind: "done" };
      default:
        return removal satisfies never;
    }
  }

  /** The file now names another job. The one it named before stops, unless another file stands for it. */
  async #stopUnlessHeld(
    job: { readonly namespace: string; readonly id: string },
    path: string,
  ): Promise<void> {
    const heir = this.sources().find(
      (other) => other.Path !== path && other.JobID === job.id && other.Namespace === job.namespace,
    );
    if (heir !== undefined) return;
    this.#log.info({ path, jobId: job.id }, "stopping the job that the file named before");
    await this.#deregister(job);
  }

  async #deregister(job: { readonly namespace: string; readonly id: string }): Promise<void> {
    const { store } = this.#options;
    const key = { namespace: job.namespace, id: jobId(job.id) };
    const stored = store.read.job(key);
    if (stored === undefined || stored.Stop) return;
    const nowNs = this.#clock.nowNs();
    await store.write("job.deregister", {
      key,
      purge: false,
      submitTime: nowNs,
      evaluation: newEvaluation({
        id: evaluationId(this.#random.uuid()),
        job: stored,
        trigger: "job-deregister",
        nowNs,
        overrides: { Type: "service" },
      }),
      noShutdownDelay: false,
    });
  }

  /** Files that were in conflict with the one that left may have their turn now. */
  async #forget(source: JobSource): Promise<void> {
    await this.#options.store.write("source.forget", { agent: source.Agent, path: source.Path });
    this.#log.info({ path: source.Path, jobId: source.JobID }, "job file forgotten");
    for (const other of this.sources()) if (other.State === "conflict") this.requeue(other.Path);
  }
}

/** Nothing to do for the same content, unless what stood in its way may be gone. */
function isSettled(known: JobSource, sources: readonly JobSource[]): boolean {
  if (known.State === "removed" || known.State === "held") return false;
  // What a rejected file missed, a namespace for one, may be there by now; a rescan asks again.
  if (known.State === "rejected") return false;
  if (known.State !== "conflict") return true;
  return sources.some(
    (other) =>
      other.Path !== known.Path &&
      other.State !== "conflict" &&
      other.JobID === known.JobID &&
      other.Namespace === known.Namespace,
  );
}

function faultText(source: JobSource): string {
  const [first] = source.Diagnostics ?? [];
  if (first === undefined) return source.Message;
  const place = first.Line === null ? "" : `${first.Line},${first.Column ?? 1}: `;
  return `${place}${first.Summary}${first.Detail === "" ? "" : `; ${first.Detail}`}`;
}

const refusedFile = (message: string): LoadedFile => ({ kind: "faulty", message, diagnostics: [] });

const again = (afterMs: number, reason: string): Turn => ({ kind: "again", afterMs, reason });

import type { TaskDriver } from "../../drivers/port.ts";
import type { Clock } from "../../lib/clock.ts";
import { errorText } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Random } from "../../lib/random.ts";
import { ReconcileLoop } from "../../lib/work-queue.ts";
import type { Turn } from "../../lib/work-queue.ts";
import type { ImageRow, NodeDb } from "../../node/node-db.ts";
import { decideImages } from "../core/node/image-use.ts";
import type { ImageUse, ImageUser, KnownImage } from "../core/node/image-use.ts";
import type { DesiredAllocation } from "../ports.ts";
import type { AllocationEntry } from "./entry.ts";
import type { TaskConfig } from "./prefetch.ts";
import { isUnreachable } from "./task-operations.ts";

const sweepMs = 60_000;
const triesInARow = 3;
const retryMs = 3_000;

export interface ImageSweepOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly db: NodeDb;
  readonly drivers: ReadonlyMap<string, TaskDriver>;
  readonly entries: () => Iterable<AllocationEntry>;
  readonly configsOf: (desired: DesiredAllocation) => readonly TaskConfig[];
}

/**
 * Removes images that a driver brought here and that no allocation has wanted for the driver's delay. Each is written
 * down when it comes: what was here before is never touched, by no agent that comes later either.
 */
export function startImageSweep(options: ImageSweepOptions): { stop(): Promise<void> } {
  const sweeps = [...options.drivers.values()].flatMap((driver) => {
    const keptUnusedMs = driver.images?.keptUnusedMs;
    return driver.images && keptUnusedMs !== undefined
      ? [new ImageSweep(options, driver.name, driver.images, keptUnusedMs)]
      : [];
  });
  return {
    async stop() {
      for (const sweep of sweeps) await sweep.stop();
    },
  };
}

class ImageSweep {
  readonly #options: ImageSweepOptions;
  readonly #driver: string;
  readonly #images: NonNullable<TaskDriver["images"]>;
  readonly #keptUnusedMs: number;
  readonly #loop: ReconcileLoop;
  readonly #close: () => void;
  /** By name: how often it is being brought now, which may be with several logins at once. */
  readonly #coming = new Map<string, number>();
  /** By image: since when nothing wants it. */
  readonly #since = new Map<string, number>();
  /** By job: when something of it was here last. */
  #jobs: ReadonlyMap<string, number> = new Map();
  readonly #failures = new Map<string, number>();
  /** What each allocation's tasks run from, looked up once for each version of it. */
  readonly #names = new Map<string, { readonly index: number; readonly user: ImageUser }>();

  constructor(
    options: ImageSweepOptions,
    driver: string,
    images: NonNullable<TaskDriver["images"]>,
    keptUnusedMs: number,
  ) {
    this.#options = options;
    this.#driver = driver;
    this.#images = images;
    this.#keptUnusedMs = keptUnusedMs;
    const { clock, random, log } = options;
    this.#loop = new ReconcileLoop(clock, random, log, {
      name: "image-sweep",
      concurrency: 1,
      backoff: { firstMs: 1_000, maxMs: sweepMs },
      reconcile: (_key, signal) => this.#sweep(signal),
    });
    this.#close = images.watch((name, isHere) => this.#bring(name, isHere)).close;
    this.#loop.add(driver);
  }

  async stop(): Promise<void> {
    this.#close();
    await this.#loop.stop();
  }

  /**
   * Written down before it comes, yet without an id: after a crash on the way nobody could tell that it was not here
   * before. Where one of that name was here already, only a new one in its place is ours.
   */
  #bring(name: string, isHere: boolean): (id: string | undefined) => void {
    const { db } = this.#options;
    const expected = { driver: this.#driver, id: "", name };
    if (!isHere) db.putImage({ ...expected, uses: "[]" });
    this.#coming.set(name, (this.#coming.get(name) ?? 0) + 1);
    return (id) => {
      const left = (this.#coming.get(name) ?? 1) - 1;
      if (left > 0) this.#coming.set(name, left);
      else this.#coming.delete(name);
      this.#loop.add(this.#driver);
      if (id === undefined) return;
      db.putImage({ ...expected, id, uses: "[]" });
      // What comes still is expected still.
      if (left === 0) db.removeImage(expected);
    };
  }

  /** What was expected and has not been heard of: a pull failed, or the agent before this one was killed. */
  async #settle(rows: readonly ImageRow[], signal: AbortSignal): Promise<void> {
    const { db } = this.#options;
    for (const row of rows) {
      if (row.id !== "" || this.#coming.has(row.name)) continue;
      const id = await this.#images.find(row.name, signal);
      // It is on its way again, and will be told of.
      if (this.#coming.has(row.name)) continue;
      if (id !== undefined && !rows.some((one) => one.id === id && one.name === row.name))
        db.putImage({ ...row, id });
      db.removeImage(row);
    }
  }

  #rows(): readonly ImageRow[] {
    return this.#options.db.images().filter(({ driver }) => driver === this.#driver);
  }

  async #sweep(signal: AbortSignal): Promise<Turn> {
    const { clock, db } = this.#options;
    await this.#settle(this.#rows(), signal);
    const rows = this.#rows().filter(({ id }) => id !== "");
    const users = this.#users();
    let dueMs = Math.min(sweepMs, Math.max(this.#keptUnusedMs, 1));
    const images = rows.map(decoded);
    const seen = this.#seeJobs(images, users);
    for (const { image, isWanted } of decideImages(images, users, (job) => seen.has(job))) {
      const key = `${image.id} ${image.name}`;
      const uses = JSON.stringify(image.uses);
      const isNews = rows.some((row) => isSame(row, image) && row.uses !== uses);
      if (isNews) db.putImage({ ...image, uses });
      if (isWanted) {
        this.#since.delete(key);
        continue;
      }
      const sinceMs = this.#since.get(key) ?? clock.monotonicMs();
      this.#since.set(key, sinceMs);
      const leftMs = sinceMs + this.#keptUnusedMs - clock.monotonicMs();
      dueMs = Math.min(dueMs, leftMs > 0 ? leftMs : await this.#remove(image, key, signal));
    }
    return { kind: "again", afterMs: Math.max(1, dueMs), reason: "next sweep" };
  }

  /** The jobs that are here, or were a moment ago: between two versions a job may have nothing here at all. */
  #seeJobs(
    images: readonly KnownImage[],
    users: readonly ImageUser[],
  ): ReadonlyMap<string, number> {
    const nowMs = this.#options.clock.monotonicMs();
    const seen = new Map(
      images.flatMap(({ uses }) => uses.map(({ job }) => [job, nowMs] as const)),
    );
    for (const [job, ms] of this.#jobs) seen.set(job, ms);
    for (const { job, isOver } of users) if (!isOver) seen.set(job, nowMs);
    // Whoever is forgotten here has its uses written off in the same sweep, so none is seen for the first time twice.
    this.#jobs = new Map([...seen].filter(([, ms]) => nowMs - ms <= this.#keptUnusedMs));
    return this.#jobs;
  }

  /** Answers when to look again. */
  async #remove(image: KnownImage, key: string, signal: AbortSignal): Promise<number> {
    const { clock, log, db } = this.#options;
    const fields = { image: image.name, id: image.id };
    try {
      const outcome = await this.#images.remove(image, signal);
      this.#failures.delete(key);
      if (outcome === "held") return sweepMs;
      this.#since.delete(key);
      db.removeImage(image);
      log.info(fields, "unused image removed");
      return sweepMs;
    } catch (thrown) {
      if (signal.aborted || isUnreachable(thrown)) return sweepMs;
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      if (failures < triesInARow) return retryMs;
      log.warn({ ...fields, error: errorText(thrown) }, "cannot remove an unused image");
      this.#failures.delete(key);
      this.#since.set(key, clock.monotonicMs());
      return sweepMs;
    }
  }

  #users(): readonly ImageUser[] {
    const { entries, configsOf } = this.#options;
    const found: ImageUser[] = [];
    for (const entry of entries()) {
      if (!entry.desired) continue;
      const { allocation, job } = entry.desired;
      const known = this.#names.get(entry.id);
      const index = allocation.AllocModifyIndex;
      const user =
        known?.index === index
          ? known.user
          : {
              job: `${allocation.Namespace}/${job.ID}`,
              version: job.Version,
              isOver: false,
              images: configsOf(entry.desired).flatMap(({ driver, config }) => {
                const name = driver.images?.nameOf(config);
                return name === undefined ? [] : [{ driver: driver.name, name }];
              }),
            };
      this.#names.set(entry.id, { index, user });
      found.push({ ...user, isOver: entry.isOver() });
    }
    this.#forgetNames(new Set([...entries()].map(({ id }) => id)));
    return found;
  }

  #forgetNames(known: ReadonlySet<string>): void {
    for (const id of this.#names.keys()) if (!known.has(id)) this.#names.delete(id);
  }
}

const isSame = (row: ImageRow, image: KnownImage): boolean =>
  row.id === image.id && row.name === image.name;

/** Written by this file only. */
const decoded = (row: ImageRow): KnownImage => ({
  ...row,
  uses: JSON.parse(row.uses) as readonly ImageUse[],
});

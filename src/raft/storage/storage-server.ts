import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { assertNever } from "../../lib/errors.ts";
import { replaceFile, syncFolder } from "../../lib/system/files.ts";
import { openDatabase } from "../../lib/system/sqlite.ts";
import type { Database } from "../../lib/system/sqlite.ts";
import type { Entry, EntryId, IndexRange } from "../core/types.ts";
import { corrupt, EntryTable } from "./entry-table.ts";
import type { LogBatch, StoredLog } from "./entry-table.ts";
import { readMark, writeMark } from "./mark.ts";
import type { Mark } from "./mark.ts";

export interface StorageFiles {
  readonly logPath: string;
  readonly markPath: string;
  /** The state machine's database: checkpointed and copied here, written elsewhere. */
  readonly statePath: string;
  readonly snapshotFolder: string;
}
export type StorageRequest =
  | { readonly kind: "open"; readonly files: StorageFiles }
  | { readonly kind: "append"; readonly batch: LogBatch }
  | { readonly kind: "read"; readonly range: IndexRange }
  | { readonly kind: "compact"; readonly through: number }
  | { readonly kind: "snapshot"; readonly at: EntryId }
  | { readonly kind: "close" };
export type StorageAnswer = StoredLog | readonly Entry[] | undefined;

/** The mark may lag by this many entries, or by the time until `saveMark` is called. */
const entriesPerMark = 1000;
const stateLogPages = 16_384;
const backupPagesPerStep = 256;
const keptSnapshots = 2;

/** Everything that may wait for a disk, behind one queue in one thread. */
export class StorageServer {
  #files: StorageFiles | undefined;
  #table: EntryTable | undefined;
  #state: Database | undefined;
  #mark: Mark | undefined;
  #last: EntryId = { index: 0, term: 0 };
  #unmarked = 0;

  async handle(request: StorageRequest): Promise<StorageAnswer> {
    switch (request.kind) {
      case "open":
        return this.#open(request.files);
      case "append":
        this.#append(request.batch);
        return undefined;
      case "read":
        return this.#opened().read(request.range);
      case "compact":
        this.#opened().compact(request.through);
        return undefined;
      case "snapshot":
        await this.#snapshot(request.at);
        return undefined;
      case "close":
        this.#close();
        return undefined;
      default:
        return assertNever(request);
    }
  }

  /** Called within a second of an append: the mark may lag by that much. */
  saveMark(): void {
    if (this.#table !== undefined && this.#unmarked > 0) this.#writeMark(this.#last);
  }

  /** Called soon after appends: what they made the state machine write is moved into its file. */
  checkpointState(): void {
    const files = this.#files;
    if (this.#table === undefined || files === undefined || !existsSync(files.statePath)) return;
    this.#state ??= openDatabase({
      path: files.statePath,
      synchronous: "normal",
      autoCheckpointPages: 0,
    });
    if (this.#state.checkpoint("passive") > stateLogPages) this.#state.checkpoint("restart");
  }

  #open(files: StorageFiles): StoredLog {
    for (const path of [files.logPath, files.markPath])
      mkdirSync(dirname(path), { recursive: true });
    mkdirSync(files.snapshotFolder, { recursive: true });
    this.#files = files;
    const mark = readMark(files.markPath);
    if (mark !== undefined && mark.index > 0 && !existsSync(files.logPath))
      throw corrupt(`${files.logPath} is missing, though it once reached entry ${mark.index}`);
    this.#table = new EntryTable(files.logPath);
    const stored = this.#table.load();
    this.#last = stored.last;
    this.#mark = mark;
    if (mark !== undefined && mark.index > stored.base.index) this.#compareWith(mark, stored);
    return stored;
  }

  #compareWith(mark: Mark, stored: StoredLog): void {
    const chain = this.#opened().chainAt(mark.index);
    if (stored.last.index < mark.index || chain === undefined)
      throw corrupt(
        `it ends at entry ${stored.last.index}, though it once reached entry ${mark.index}`,
      );
    if (Buffer.from(chain).toString("hex") !== mark.chain)
      throw corrupt(`entry ${mark.index} is not the one that was written`);
  }

  #append(batch: LogBatch): void {
    const table = this.#opened();
    // The mark must never promise an entry that is about to be removed.
    if (batch.truncateFrom !== undefined && (this.#mark?.index ?? 0) >= batch.truncateFrom)
      this.#writeMark({ index: batch.truncateFrom - 1, term: 0 });
    table.append(batch);
    const newest = batch.entries.at(-1);
    if (newest === undefined) return;
    this.#last = { index: newest.index, term: newest.term };
    this.#unmarked += batch.entries.length;
    if (this.#unmarked >= entriesPerMark) this.#writeMark(this.#last);
  }

  #writeMark(at: EntryId): void {
    const chain = this.#opened().chainAt(at.index);
    if (this.#files === undefined || chain === undefined) return;
    this.#mark = { ...at, chain: Buffer.from(chain).toString("hex") };
    writeMark(this.#files.markPath, this.#mark);
    this.#unmarked = 0;
  }

  /** The copy holds at least everything up to `at`; its own applied index says exactly what. */
  async #snapshot(at: EntryId): Promise<void> {
    const files = this.#files;
    if (files === undefined) throw new Error("the storage is not open");
    const name = `${String(at.index).padStart(16, "0")}-${at.term}`;
    const target = join(files.snapshotFolder, `${name}.db`);
    const partial = `${target}.partial`;
    rmSync(partial, { force: true });
    const source = openDatabase({
      path: files.statePath,
      synchronous: "normal",
      autoCheckpointPages: 0,
    });
    try {
      await source.backup(partial, backupPagesPerStep);
    } finally {
      source.close();
    }
    replaceFile(`${target}.sha256`, `${await hashOfFile(partial)}\n`);
    renameSync(partial, target);
    syncFolder(files.snapshotFolder);
    this.#dropOldSnapshots(files.snapshotFolder);
  }

  #dropOldSnapshots(folder: string): void {
    const names = readdirSync(folder).sort();
    const copies = names.filter((name) => name.endsWith(".db"));
    const kept = new Set(copies.slice(-keptSnapshots).flatMap((name) => [name, `${name}.sha256`]));
    for (const name of names) if (!kept.has(name)) rmSync(join(folder, name), { force: true });
  }

  #close(): void {
    this.saveMark();
    this.checkpointState();
    this.#state?.close();
    this.#table?.close();
    this.#state = undefined;
    this.#table = undefined;
  }

  #opened(): EntryTable {
    if (this.#table === undefined) throw new Error("the storage is not open");
    return this.#table;
  }
}

export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path)) hash.update(part as Uint8Array);
  return hash.digest("hex");
}

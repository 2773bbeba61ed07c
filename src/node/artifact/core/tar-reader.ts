import { blockBytes, decodePax, decodeTarHeader, decodeUtf8, isZeroBlock } from "./tar-header.ts";
import type { TarHeader } from "./tar-header.ts";

export interface TarEntry {
  readonly kind: "file" | "folder";
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  /** Unix time in seconds. */
  readonly modified: number;
}
/** `data` belongs to the file that came last; `end` is the end of that file. */
export type TarEvent =
  | { readonly kind: "entry"; readonly entry: TarEntry }
  | { readonly kind: "data"; readonly data: Uint8Array }
  | { readonly kind: "end" };

/** A tar archive that is broken, or holds what is never unpacked. */
export class TarFault extends Error {}

/** Names and extended headers have to be held in memory: nobody needs longer ones. */
const longestMeta = 1 << 20;
const refusedTypes: Readonly<Record<string, string>> = {
  "1": "a hard link",
  "2": "a symbolic link",
  "3": "a character device",
  "4": "a block device",
  "6": "a named pipe",
  S: "a sparse file",
  M: "a part of a file on several volumes",
  D: "a folder dump",
};

/**
 * Reads a tar archive piece by piece: `push` gives what the bytes so far have brought. Only files and folders come
 * out; links, devices, pipes and sparse files are faults, since a link could lead a later entry out of the folder.
 */
export class TarReader {
  #state: "header" | "data" | "meta" | "padding" | "ended" = "header";
  readonly #block = new Uint8Array(blockBytes);
  #filled = 0;
  /** Bytes left of the present part, and of the padding behind it. */
  #left = 0;
  #padding = 0;
  #meta: Uint8Array = new Uint8Array();
  #metaType = "";
  #longName: string | undefined;
  #extended: ReadonlyMap<string, string> = new Map();
  #sawEntry = false;

  push(chunk: Uint8Array): TarEvent[] {
    const events: TarEvent[] = [];
    for (let at = 0; at < chunk.length && this.#state !== "ended";)
      at += this.#take(chunk.subarray(at), events);
    return events;
  }

  /** Says whether the archive may end here. */
  finish(): void {
    const isBetween = this.#state === "ended" || (this.#state === "header" && this.#filled === 0);
    if (!isBetween) throw new TarFault("the tar archive ends too early");
    if (!this.#sawEntry) throw new TarFault("the tar archive is empty");
  }

  /** How many bytes it used up. */
  #take(rest: Uint8Array, events: TarEvent[]): number {
    if (this.#state === "header") return this.#fillHeader(rest, events);
    const count = Math.min(rest.length, this.#left);
    this.#left -= count;
    const part = rest.subarray(0, count);
    if (this.#state === "data" && count > 0) events.push({ kind: "data", data: part });
    if (this.#state === "meta") {
      this.#meta.set(part, this.#filled);
      this.#filled += count;
    }
    if (this.#left === 0) this.#partEnded(events);
    return count;
  }

  #fillHeader(rest: Uint8Array, events: TarEvent[]): number {
    const count = Math.min(rest.length, blockBytes - this.#filled);
    this.#block.set(rest.subarray(0, count), this.#filled);
    this.#filled += count;
    if (this.#filled === blockBytes) {
      this.#filled = 0;
      this.#header(events);
    }
    return count;
  }

  #header(events: TarEvent[]): void {
    if (isZeroBlock(this.#block)) {
      this.#state = "ended";
      return;
    }
    const header = decodeTarHeader(this.#block);
    if (typeof header === "string") throw new TarFault(`the tar archive is broken: ${header}`);
    if (["x", "g", "L", "K"].includes(header.type)) {
      this.#beginMeta(header);
      return;
    }
    const entry = this.#entryOf(header);
    this.#longName = undefined;
    this.#extended = new Map();
    this.#sawEntry = true;
    events.push({ kind: "entry", entry });
    this.#begin("data", entry.kind === "file" ? entry.size : 0);
    if (this.#left === 0) this.#partEnded(events);
  }

  #beginMeta({ type, size }: TarHeader): void {
    if (size > longestMeta) throw new TarFault("the tar archive has a header of more than 1 MB");
    this.#metaType = type;
    this.#meta = new Uint8Array(size);
    this.#begin("meta", size);
    if (size === 0) this.#partEnded([]);
  }

  #begin(state: "data" | "meta", size: number): void {
    this.#state = state;
    this.#left = size;
    this.#padding = (blockBytes - (size % blockBytes)) % blockBytes;
  }

  #partEnded(events: TarEvent[]): void {
    if (this.#state === "data") events.push({ kind: "end" });
    if (this.#state === "meta") this.#readMeta();
    this.#filled = 0;
    this.#left = this.#state === "padding" ? 0 : this.#padding;
    this.#state = this.#left > 0 ? "padding" : "header";
  }

  #readMeta(): void {
    switch (this.#metaType) {
      case "L":
        this.#longName = decodeUtf8(this.#meta).replace(/\0.*$/s, "");
        return;
      case "x": {
        const records = decodePax(this.#meta);
        if (records === undefined) throw new TarFault("the tar archive has a broken pax header");
        this.#extended = records;
        return;
      }
      default:
        // A link's long target, or words for all entries, such as a commit's id: nothing that is used.
        return;
    }
  }

  #entryOf(header: TarHeader): TarEntry {
    const extended = this.#extended;
    const name = extended.get("path") ?? this.#longName ?? header.name;
    const refused = [...extended.keys()].some((key) => key.startsWith("GNU.sparse"))
      ? "a sparse file"
      : refusedTypes[header.type];
    const shown = JSON.stringify(name.slice(0, 200));
    if (refused !== undefined) throw new TarFault(`archive entry ${shown} is ${refused}`);
    if (!["0", "\0", "7", "5"].includes(header.type))
      throw new TarFault(`archive entry ${shown} is of the unknown type ${header.type}`);
    const size = sizeOf(extended.get("size"), header.size);
    if (size === undefined) throw new TarFault(`archive entry ${shown} has a broken size`);
    const isFolder = header.type === "5" || (header.type !== "7" && name.endsWith("/"));
    // Some writers give folders a size although nothing follows; a folder that really has bytes is broken.
    const kind = isFolder ? "folder" : "file";
    return { kind, name, mode: header.mode, size, modified: header.modified };
  }
}

function sizeOf(text: string | undefined, size: number): number | undefined {
  if (text === undefined) return size;
  const given = /^\d+$/.test(text) ? Number(text) : undefined;
  return given !== undefined && Number.isSafeInteger(given) ? given : undefined;
}

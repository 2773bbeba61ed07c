import { decodeUtf8 } from "./tar-header.ts";

export interface ZipEntry {
  readonly kind: "file" | "folder";
  readonly name: string;
  /** Permission bits; undefined when the archive was not made on Unix. */
  readonly mode: number | undefined;
  readonly method: "stored" | "deflated";
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its local header begins. */
  readonly offset: number;
}
/** Where the list of all entries is. */
export interface ZipDirectory {
  readonly entries: number;
  readonly offset: number;
  readonly bytes: number;
}
/** A zip archive that is broken, or holds what is never unpacked. */
export class ZipFault extends Error {}

const endBytes = 22;
export const localHeaderBytes = 30;
/** The end record with the longest comment, and the locator of the large form before it. */
export const tailBytes = endBytes + 0xffff + 20;

/** Finds the end record in the last bytes of the file. `large` says where the record of the large form is. */
export function findZipEnd(
  tail: Uint8Array,
): { readonly directory: ZipDirectory; readonly large: number | undefined } | undefined {
  const view = viewOf(tail);
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    if (at + endBytes + view.getUint16(at + 20, true) !== tail.length) continue;
    const directory = {
      entries: view.getUint16(at + 10, true),
      bytes: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    const locator = at - 20;
    const hasLarge = locator >= 0 && view.getUint32(locator, true) === 0x07064b50;
    return { directory, large: hasLarge ? large(view, locator + 8) : undefined };
  }
  return undefined;
}

/** The 56 bytes of the large form's end record. */
export function decodeLargeEnd(record: Uint8Array): ZipDirectory {
  const view = viewOf(record);
  if (record.length < 56 || view.getUint32(0, true) !== 0x06064b50)
    throw new ZipFault("the zip archive has a broken end");
  return { entries: large(view, 32), bytes: large(view, 40), offset: large(view, 48) };
}

/** All entries of the list; links, devices, encrypted files and unknown methods are faults. */
export function decodeZipDirectory(list: Uint8Array, entries: number): ZipEntry[] {
  const view = viewOf(list);
  const found: ZipEntry[] = [];
  let at = 0;
  while (found.length < entries) {
    if (at + 46 > list.length || view.getUint32(at, true) !== 0x02014b50)
      throw new ZipFault("the zip archive has a broken list of entries");
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const end = at + 46 + (name ?? 0);
    const next = end + (extra ?? 0) + (comment ?? 0);
    if (next > list.length) throw new ZipFault("the zip archive has a broken list of entries");
    const extras = list.subarray(end, end + (extra ?? 0));
    found.push(
      entryOf(list.subarray(at, at + 46), decodeUtf8(list.subarray(at + 46, end)), extras),
    );
    at = next;
  }
  return found;
}

/** How many bytes of the local header stand before the data. */
export function localHeaderLength(header: Uint8Array): number {
  const view = viewOf(header);
  if (header.length < localHeaderBytes || view.getUint32(0, true) !== 0x04034b50)
    throw new ZipFault("the zip archive has a broken entry");
  return localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true);
}

function entryOf(fixed: Uint8Array, name: string, extras: Uint8Array): ZipEntry {
  const view = viewOf(fixed);
  const shown = JSON.stringify(name.slice(0, 200));
  if ((view.getUint16(8, true) & 1) !== 0)
    throw new ZipFault(`archive entry ${shown} is encrypted`);
  const madeBy = view.getUint16(4, true) >> 8;
  const attributes = view.getUint32(38, true) >>> 16;
  const unixMode = madeBy === 3 || madeBy === 19 ? attributes : 0;
  const refused = refusedType(unixMode);
  if (refused !== undefined) throw new ZipFault(`archive entry ${shown} is ${refused}`);
  const sizes = largeSizes(view, extras);
  const isFolder = name.endsWith("/") || (unixMode & 0o170000) === 0o040000;
  return {
    kind: isFolder ? "folder" : "file",
    name,
    mode: unixMode === 0 ? undefined : unixMode & 0o7777,
    method: methodOf(view.getUint16(10, true), shown),
    crc: view.getUint32(16, true),
    ...sizes,
  };
}

function methodOf(method: number, shown: string): ZipEntry["method"] {
  if (method === 0) return "stored";
  if (method === 8) return "deflated";
  throw new ZipFault(`archive entry ${shown} is packed by the unknown method ${method}`);
}

function refusedType(mode: number): string | undefined {
  switch (mode & 0o170000) {
    case 0:
    case 0o100000:
    case 0o040000:
      return undefined;
    case 0o120000:
      return "a symbolic link";
    case 0o010000:
      return "a named pipe";
    default:
      return "a device or a socket";
  }
}

/** Sizes and place, taken from the large form's extra field where the small one has no room for them. */
function largeSizes(
  view: DataView,
  extras: Uint8Array,
): Pick<ZipEntry, "packedBytes" | "bytes" | "offset"> {
  const small = {
    bytes: view.getUint32(24, true),
    packedBytes: view.getUint32(20, true),
    offset: view.getUint32(42, true),
  };
  const field = largeField(extras);
  if (field === undefined) return small;
  let at = 0;
  const read = (value: number): number => {
    if (value !== 0xffffffff) return value;
    if (at + 8 > field.byteLength) throw new ZipFault("the zip archive has a broken entry");
    at += 8;
    return large(field, at - 8);
  };
  return {
    bytes: read(small.bytes),
    packedBytes: read(small.packedBytes),
    offset: read(small.offset),
  };
}

function largeField(extras: Uint8Array): DataView | undefined {
  const view = viewOf(extras);
  for (let at = 0; at + 4 <= extras.length;) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    if (id === 1) return viewOf(extras.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}

function large(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ZipFault("the zip archive is too large");
  return Number(value);
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

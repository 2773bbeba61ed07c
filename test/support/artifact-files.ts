import { crc32, deflateRawSync } from "node:zlib";
import type { TaskArtifact } from "../../src/model/job.ts";

export function buildArtifact(change: Partial<TaskArtifact> = {}): TaskArtifact {
  return {
    GetterSource: "https://host/file",
    GetterOptions: null,
    GetterHeaders: null,
    GetterMode: "any",
    GetterInsecure: false,
    RelativeDest: "local/",
    Chown: false,
    ...change,
  };
}

export interface TarPart {
  readonly name: string;
  readonly data?: string | Uint8Array;
  /** "0" a file, "1" a hard link, "2" a symbolic link, "3" a device, "5" a folder .. */
  readonly type?: string;
  readonly mode?: number;
  readonly link?: string;
  /** What the header says, where that differs from the data. */
  readonly size?: number;
  readonly prefix?: string;
  readonly modified?: number;
}

/** A tar archive, with as much wrong in it as the parts say. */
export const tarOf = (parts: readonly TarPart[], end = true): Buffer =>
  Buffer.concat([...parts.map(tarPart), ...(end ? [Buffer.alloc(1024)] : [])]);

export function tarPart(part: TarPart): Buffer {
  const data = Buffer.from(part.data ?? "");
  const header = Buffer.alloc(512);
  header.write(part.name, 0, 100);
  header.write(octal(part.mode ?? 0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  const size = part.size ?? data.length;
  if (size < 8 ** 11) header.write(octal(size, 11), 124);
  else {
    header[124] = 0x80;
    header.writeBigUInt64BE(BigInt(size), 128);
  }
  header.write(octal(part.modified ?? 1_600_000_000, 11), 136);
  header.write("        ", 148);
  header.write(part.type ?? "0", 156);
  header.write(part.link ?? "", 157, 100);
  header.write("ustar\u000000", 257);
  header.write(part.prefix ?? "", 345, 155);
  let sum = 0;
  for (let at = 0; at < 512; at++) sum += header[at] ?? 0;
  header.write(`${octal(sum, 6)}\0 `, 148);
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}

/** An extended header of the POSIX format for the entry behind it. */
export function paxPart(records: Readonly<Record<string, string>>, type = "x"): TarPart {
  const lines = Object.entries(records).map(([key, value]) => {
    const body = ` ${key}=${value}\n`;
    const bytes = Buffer.byteLength(body);
    const digits = String(bytes + String(bytes + 2).length).length;
    return `${bytes + digits}${body}`;
  });
  return { name: "pax", type, data: lines.join("") };
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");

export interface ZipPart {
  readonly name: string;
  readonly data?: string | Uint8Array;
  /** The whole mode with its type, as Unix has it; undefined for an archive of another system. */
  readonly mode?: number;
  readonly isStored?: boolean;
  readonly flags?: number;
  readonly method?: number;
  /** What the list says, where that differs from the data. */
  readonly size?: number;
  readonly crc?: number;
}

export function zipOf(parts: readonly ZipPart[], claim?: { readonly entries: number }): Buffer {
  const bodies: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const data = Buffer.from(part.data ?? "");
    const packed = part.isStored ? data : deflateRawSync(data);
    const name = Buffer.from(part.name);
    const method = part.method ?? (part.isStored ? 0 : 8);
    const crc = part.crc ?? crc32(data);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(part.mode === undefined ? 20 : (3 << 8) | 20, 4);
    entry.writeUInt16LE(part.flags ?? 0, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(crc, 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(part.size ?? data.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(((part.mode ?? 0) << 16) >>> 0, 38);
    entry.writeUInt32LE(offset, 42);
    bodies.push(local, name, packed);
    list.push(entry, name);
    offset += local.length + name.length + packed.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(claim?.entries ?? parts.length, 8);
  end.writeUInt16LE(claim?.entries ?? parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, directory, end]);
}

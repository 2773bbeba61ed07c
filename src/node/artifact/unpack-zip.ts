import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { crc32, createInflateRaw } from "node:zlib";
import {
  decodeLargeEnd,
  decodeZipDirectory,
  findZipEnd,
  localHeaderBytes,
  localHeaderLength,
  tailBytes,
} from "./core/zip-reader.ts";
import type { ZipDirectory, ZipEntry } from "./core/zip-reader.ts";
import { consumed } from "./decompress.ts";
import { failure } from "./failure.ts";
import type { TreeWriter } from "./tree-writer.ts";

/** It is read in one go, which must stay short. */
const longestDirectory = 8 * 1024 * 1024;
const pieceBytes = 64 * 1024;

export async function unpackZip(
  path: string,
  writer: TreeWriter,
  signal: AbortSignal,
): Promise<void> {
  const file = await open(path, "r");
  try {
    const directory = await findDirectory(file);
    // The number is only a claim, but more than it claims is never read.
    writer.checkCount(directory.entries);
    if (directory.bytes > longestDirectory) throw failure("the zip archive's list is too long");
    const list = await read(file, directory.offset, directory.bytes);
    for (const entry of decodeZipDirectory(list, directory.entries))
      if (entry.kind === "folder") await writer.folder(entry.name);
      else await unpackEntry(file, entry, writer, signal);
  } finally {
    await file.close();
  }
}

async function findDirectory(file: FileHandle): Promise<ZipDirectory> {
  const { size } = await file.stat();
  const length = Math.min(size, tailBytes);
  const end = findZipEnd(await read(file, size - length, length));
  if (end === undefined) throw failure("it is no zip archive");
  return end.large === undefined ? end.directory : decodeLargeEnd(await read(file, end.large, 56));
}

async function unpackEntry(
  file: FileHandle,
  entry: ZipEntry,
  writer: TreeWriter,
  signal: AbortSignal,
): Promise<void> {
  const header = await read(file, entry.offset, localHeaderBytes);
  const start = entry.offset + localHeaderLength(header);
  const out = await writer.file(entry.name, { mode: entry.mode, modified: undefined });
  let [bytes, sum] = [0, 0];
  const write = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of chunks) {
      writer.countBytes(chunk.length);
      bytes += chunk.length;
      sum = crc32(chunk, sum);
      await out.write(chunk);
    }
  };
  try {
    if (entry.packedBytes > 0) {
      const packed = readRange(file, start, entry.packedBytes);
      const inflate = createInflateRaw({ chunkSize: pieceBytes });
      await consumed(entry.method === "stored" ? [packed] : [packed, inflate], {
        consume: write,
        signal,
      });
    }
    if (bytes !== entry.bytes || sum !== entry.crc)
      throw failure(`archive entry ${JSON.stringify(entry.name.slice(0, 200))} is damaged`);
  } catch (thrown) {
    await out.abandon();
    throw thrown;
  }
  await out.close();
}

async function* readRange(
  file: FileHandle,
  start: number,
  length: number,
): AsyncIterable<Uint8Array> {
  for (let at = 0; at < length; at += pieceBytes)
    yield await read(file, start + at, Math.min(pieceBytes, length - at));
}

async function read(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(buffer, at, length - at, offset + at);
    if (bytesRead === 0) throw failure("the zip archive ends too early");
    at += bytesRead;
  }
  return buffer;
}

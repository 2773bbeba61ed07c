import { assert, property, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import {
  ZipFault,
  decodeLargeEnd,
  decodeZipDirectory,
  findZipEnd,
  localHeaderLength,
} from "../../../../src/node/artifact/core/zip-reader.ts";
import type { ZipEntry } from "../../../../src/node/artifact/core/zip-reader.ts";
import { zipOf } from "../../../support/artifact-files.ts";
import type { ZipPart } from "../../../support/artifact-files.ts";

function entriesOf(archive: Uint8Array): ZipEntry[] {
  const end = findZipEnd(archive);
  if (end === undefined) throw new ZipFault("no end");
  const { offset, bytes, entries } = end.directory;
  return decodeZipDirectory(archive.subarray(offset, offset + bytes), entries);
}
const faultOf = (part: ZipPart): string => {
  try {
    entriesOf(zipOf([part]));
    return "";
  } catch (thrown) {
    return thrown instanceof ZipFault ? thrown.message : "another error";
  }
};

test("the list tells names, kinds, modes and places", () => {
  const archive = zipOf([
    { name: "bin/", mode: 0o040755 },
    { name: "bin/tool", data: "x".repeat(100), mode: 0o104755 },
    { name: "plain", data: "abc", isStored: true },
  ]);
  const found = entriesOf(archive);
  expect(
    found.map(({ kind, name, mode, method, bytes }) => [kind, name, mode, method, bytes]),
  ).toEqual([
    ["folder", "bin/", 0o755, "deflated", 0],
    ["file", "bin/tool", 0o4755, "deflated", 100],
    ["file", "plain", undefined, "stored", 3],
  ]);
  const last = found[2];
  expect(localHeaderLength(archive.subarray(last?.offset, (last?.offset ?? 0) + 30))).toBe(35);
});

test("a comment behind the end does not hide it", () => {
  const archive = zipOf([{ name: "a" }]);
  const comment = Buffer.from("comment");
  archive.writeUInt16LE(comment.length, archive.length - 2);
  expect(entriesOf(Buffer.concat([archive, comment]))).toHaveLength(1);
  expect(findZipEnd(Buffer.from("no zip"))).toBeUndefined();
});

test.each([
  [{ name: "l", mode: 0o120777 }, "is a symbolic link"],
  [{ name: "p", mode: 0o010644 }, "is a named pipe"],
  [{ name: "d", mode: 0o060644 }, "is a device or a socket"],
  [{ name: "s", mode: 0o140644 }, "is a device or a socket"],
  [{ name: "e", flags: 1 }, "is encrypted"],
  [{ name: "m", method: 14 }, "unknown method 14"],
])("%j is a fault", (part, fault) => {
  expect(faultOf(part)).toContain(fault);
});

test("a list that holds less than it claims is a fault", () => {
  expect(() => entriesOf(zipOf([{ name: "a" }], { entries: 2 }))).toThrow(ZipFault);
  expect(() => localHeaderLength(new Uint8Array(30))).toThrow(ZipFault);
});

test("the large form has eight bytes for each number", () => {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(70_000n, 32);
  record.writeBigUInt64LE(5_000_000_000n, 40);
  record.writeBigUInt64LE(6_000_000_000n, 48);
  expect(decodeLargeEnd(record)).toEqual({ entries: 70_000, bytes: 5e9, offset: 6e9 });
  expect(() => decodeLargeEnd(Buffer.alloc(56))).toThrow(ZipFault);
  record.writeBigUInt64LE(2n ** 60n, 48);
  expect(() => decodeLargeEnd(record)).toThrow("too large");
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(16, 2);
  extra.writeBigUInt64LE(7_000_000_000n, 4);
  extra.writeBigUInt64LE(8_000_000_000n, 12);
  const entry = Buffer.alloc(47);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(0xffffffff, 24);
  entry.writeUInt32LE(0xffffffff, 42);
  entry.writeUInt16LE(1, 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.write("f", 46);
  const [found] = decodeZipDirectory(Buffer.concat([entry, extra]), 1);
  expect(found).toMatchObject({ name: "f", bytes: 7e9, offset: 8e9, packedBytes: 0 });
});

test("any bytes are entries or a fault", () => {
  assert(
    property(uint8Array({ maxLength: 200 }), (noise) => {
      try {
        decodeZipDirectory(noise, 3);
        expect.unreachable();
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(ZipFault);
      }
    }),
  );
});

import { expect, test } from "vitest";
import {
  decodePax,
  decodeTarHeader,
  decodeUtf8,
  isZeroBlock,
} from "../../../../src/node/artifact/core/tar-header.ts";
import { paxPart, tarPart } from "../../../support/artifact-files.ts";

const headerOf = (part: Parameters<typeof tarPart>[0]): Buffer => tarPart(part).subarray(0, 512);

test("a header tells name, mode, size, time and type", () => {
  const block = headerOf({ name: "f", prefix: "a/b", data: "12345", mode: 0o4755, type: "0" });
  expect(decodeTarHeader(block)).toEqual({
    name: "a/b/f",
    mode: 0o4755,
    size: 5,
    modified: 1_600_000_000,
    type: "0",
  });
});

test("large sizes are binary", () => {
  expect(decodeTarHeader(headerOf({ name: "f", size: 10 * 2 ** 30 }))).toMatchObject({
    size: 10 * 2 ** 30,
  });
});

test("a damaged header is noticed", () => {
  const block = headerOf({ name: "f" });
  block[0] = 0x67;
  expect(decodeTarHeader(block)).toBe("a header has a wrong checksum");
  const odd = headerOf({ name: "f" });
  odd.write("zz", 124);
  let sum = 0;
  for (const [at, byte] of odd.entries()) sum += at >= 148 && at < 156 ? 32 : byte;
  odd.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  expect(decodeTarHeader(odd)).toBe("a header has a broken number");
});

test("records of extended headers are read, broken ones are not", () => {
  const data = Buffer.from(paxPart({ path: "é".repeat(60), size: "12" }).data ?? "");
  expect(Object.fromEntries(decodePax(data) ?? [])).toEqual({ path: "é".repeat(60), size: "12" });
  for (const text of ["x", "5 a=\nx", "99 a=b\n", "0 a=b\n", "6 ab=c", "7 abcd\n", "-1 a=b\n"])
    expect(decodePax(Buffer.from(text)), text).toBeUndefined();
});

test("blocks of zeros and texts of bytes", () => {
  expect(isZeroBlock(new Uint8Array(512))).toBe(true);
  expect(isZeroBlock(headerOf({ name: "f" }))).toBe(false);
  expect(decodeUtf8(new Uint8Array([0x61, 0xff]))).toBe("a\ufffd");
});

import { expect, test } from "vitest";
import { decodePax, decodeTarHeader } from "../../../src/node/artifact/core/tar-header.ts";
import { tarEnd, tarHeader, tarPadding } from "../../../src/node/core/tar-writer.ts";
import type { TarEntry } from "../../../src/node/core/tar-writer.ts";

const entry: TarEntry = {
  name: "alloc/data/rows",
  type: "file",
  mode: 0o100644,
  uid: 65_534,
  gid: 65_534,
  size: 1_234,
  modified: 1_700_000_000.9,
  target: "",
};
const read = (block: Uint8Array): ReturnType<typeof decodeTarHeader> => decodeTarHeader(block);

test("a header is what the reader of archives expects", () => {
  const block = tarHeader(entry);
  expect(block).toHaveLength(512);
  expect(read(block)).toEqual({
    name: "alloc/data/rows",
    mode: 0o644,
    size: 1_234,
    modified: 1_700_000_000,
    type: "0",
  });
  expect(read(tarHeader({ ...entry, name: "d/", type: "folder", size: 0 }))).toMatchObject({
    name: "d/",
    type: "5",
  });
  expect(read(tarHeader({ ...entry, type: "link", target: "rows" }))).toMatchObject({ type: "2" });
});

test("what does not fit stands in an extended header before it", () => {
  const name = `${"ä".repeat(80)}/file`;
  const target = "t".repeat(101);
  const blocks = tarHeader({ ...entry, name, target, size: 8 ** 11, uid: 8 ** 8, gid: 8 ** 8 });
  expect(blocks.length % 512).toBe(0);
  const first = read(blocks.subarray(0, 512));
  if (typeof first === "string") throw new Error(first);
  expect(first.type).toBe("x");
  expect(Object.fromEntries(decodePax(blocks.subarray(512, 512 + first.size)) ?? [])).toEqual({
    path: name,
    linkpath: target,
    size: "8589934592",
    uid: "16777216",
    gid: "16777216",
  });
  expect(read(blocks.subarray(-512))).toMatchObject({ type: "0", size: 0 });
});

test.each([89, 90, 91, 92, 93, 94, 95, 990, 991])(
  "a record of a name of %i letters counts its own digits",
  (length) => {
    const name = "n".repeat(length + 20);
    const blocks = tarHeader({ ...entry, name });
    const first = read(blocks.subarray(0, 512));
    if (typeof first === "string") throw new Error(first);
    expect(decodePax(blocks.subarray(512, 512 + first.size))?.get("path")).toBe(name);
  },
);

test("blocks are filled up, and two empty ones are the end", () => {
  expect([0, 1, 511, 512, 513].map((size) => tarPadding(size).length)).toEqual([0, 511, 1, 0, 511]);
  expect(tarEnd()).toEqual(new Uint8Array(1_024));
});

import { assert, integer, nat, property, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { TarReader } from "../../../../src/node/artifact/core/tar-reader.ts";
import { paxPart, tarOf } from "../../../support/artifact-files.ts";
import type { TarPart } from "../../../support/artifact-files.ts";

/** What came out, files as `name=content`; or the fault. */
function read(archive: Uint8Array, step = archive.length): string[] | string {
  const reader = new TarReader();
  const out: string[] = [];
  try {
    for (let at = 0; at < archive.length; at += step)
      for (const event of reader.push(archive.subarray(at, at + step)))
        if (event.kind === "entry")
          out.push(event.entry.kind === "folder" ? `${event.entry.name}#` : `${event.entry.name}=`);
        else if (event.kind === "data") out.push((out.pop() ?? "") + Buffer.from(event.data));
        else out.push(`${out.pop() ?? ""}.`);
    reader.finish();
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : "";
  }
  return out;
}
const long = `${"d/".repeat(60)}long`;
const parts: readonly TarPart[] = [
  { name: "dir/", type: "5" },
  { name: "dir/a", data: "hello" },
  { name: "empty" },
  { name: "old", type: "\0", data: "x".repeat(600) },
  paxPart({ comment: "0123" }, "g"),
  paxPart({ path: long, mtime: "1.5" }),
  { name: "short", data: "L" },
  { name: "././@LongLink", type: "L", data: `${long}2\0` },
  { name: "short", data: "M" },
];
const expected = [
  "dir/#.",
  "dir/a=hello.",
  "empty=.",
  `old=${"x".repeat(600)}.`,
  `${long}=L.`,
  `${long}2=M.`,
];

test("files, folders and long names of both kinds come out", () => {
  expect(read(tarOf(parts))).toEqual(expected);
});

test("however the bytes are cut, the same comes out", () => {
  const archive = tarOf(parts);
  assert(
    property(integer({ min: 1, max: 1500 }), (step) => {
      expect(read(archive, step)).toEqual(expected);
    }),
  );
});

test.each([
  [{ name: "l", type: "2", link: "/etc" }, 'archive entry "l" is a symbolic link'],
  [{ name: "l", type: "1", link: "x" }, 'archive entry "l" is a hard link'],
  [{ name: "d", type: "3" }, 'archive entry "d" is a character device'],
  [{ name: "d", type: "4" }, 'archive entry "d" is a block device'],
  [{ name: "p", type: "6" }, 'archive entry "p" is a named pipe'],
  [{ name: "s", type: "S", size: 10 * 2 ** 30 }, 'archive entry "s" is a sparse file'],
  [{ name: "u", type: "Z" }, 'archive entry "u" is of the unknown type Z'],
])("%j is a fault", (part, fault) => {
  expect(read(tarOf([part]))).toBe(fault);
});

test("what extended headers bring is judged as well", () => {
  expect(read(tarOf([paxPart({ "GNU.sparse.major": "1" }), { name: "s" }]))).toContain("sparse");
  expect(read(tarOf([paxPart({ size: "-1" }), { name: "s" }]))).toContain("broken size");
  expect(read(tarOf([{ name: "p", type: "x", data: "junk" }, { name: "s" }]))).toContain("pax");
  expect(read(tarOf([{ name: "p", type: "x", size: 2 ** 21 }]))).toContain("more than 1 MB");
  const link = [
    { name: "K", type: "K", data: "target\0" },
    { name: "l", type: "2" },
  ];
  expect(read(tarOf(link))).toContain("symbolic link");
});

test("an archive that is cut short, empty or none at all is a fault", () => {
  const archive = tarOf([{ name: "a", data: "hello" }], false);
  expect(read(archive)).toEqual(["a=hello."]);
  expect(read(archive.subarray(0, 514))).toBe("the tar archive ends too early");
  expect(read(archive.subarray(0, 100))).toBe("the tar archive ends too early");
  expect(read(tarOf([]))).toBe("the tar archive is empty");
  expect(read(Buffer.from("no tar at all ".repeat(100)))).toContain("wrong checksum");
});

test("any bytes are an archive or a fault, never more than that", () => {
  const archive = tarOf(parts);
  assert(
    property(uint8Array({ maxLength: 1500 }), nat(8), (noise, block) => {
      const damaged = Buffer.concat([archive.subarray(0, block * 512), noise, archive]);
      const result = read(damaged, 700);
      if (typeof result === "string") expect(result).toMatch(/tar archive|archive entry/);
      else expect(result.filter((entry) => !entry.endsWith("."))).toEqual([]);
    }),
  );
});

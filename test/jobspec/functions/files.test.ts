import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Json } from "../../../src/lib/json.ts";
import { evaluate } from "../../../src/jobspec/core/hcl/evaluate.ts";
import { readWholeExpression } from "../../../src/jobspec/core/hcl/body.ts";
import { createSource, Fault } from "../../../src/jobspec/core/hcl/source.ts";
import { toJson } from "../../../src/jobspec/core/hcl/value.ts";
import { functionsFor } from "../../../src/jobspec/functions/table.ts";
import { scopeWith } from "../support.ts";

let outer = "";
const inFolder = (...parts: readonly string[]): string => join(outer, "jobs", ...parts);

beforeAll(() => {
  outer = mkdtempSync(join(tmpdir(), "job-files-"));
  mkdirSync(inFolder("sub", "deep"), { recursive: true });
  mkdirSync(join(outer, "jobs-beside"));
  writeFileSync(join(outer, "secret.txt"), "secret");
  writeFileSync(join(outer, "jobs-beside", "x.txt"), "beside");
  writeFileSync(inFolder("a.txt"), "one\n${kept}\n");
  writeFileSync(inFolder("b.conf"), "b");
  writeFileSync(inFolder("[x].txt"), "brackets");
  writeFileSync(inFolder("sub", "c.conf"), "c");
  writeFileSync(inFolder("sub", "deep", "d.conf"), "d");
  writeFileSync(inFolder("bytes.bin"), Buffer.from([0xff, 0x00, 0xfe]));
  writeFileSync(inFolder("full.txt"), "x".repeat(1_000_000));
  writeFileSync(inFolder("large.txt"), "x".repeat(1_000_001));
  symlinkSync(join(outer, "secret.txt"), inFolder("out.txt"));
  symlinkSync(outer, inFolder("up"));
  symlinkSync("a.txt", inFolder("in.txt"));
  symlinkSync("loop.txt", inFolder("loop.txt"));
});
afterAll(() => rmSync(outer, { recursive: true, force: true }));

function read(text: string): Json {
  const scope = { ...scopeWith(), functions: functionsFor(inFolder()) };
  return toJson(evaluate(readWholeExpression(createSource("t", text)), scope));
}

function faultOf(text: string): string {
  try {
    return `nothing: ${JSON.stringify(read(text))}`;
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown.diagnostic.detail;
    throw thrown;
  }
}

test("files of the folder are read as they are", () => {
  expect(read('file("a.txt")')).toBe("one\n${kept}\n");
  expect(read('file("./sub/../a.txt")')).toBe("one\n${kept}\n");
  expect(read(`file("${inFolder("a.txt")}")`)).toBe("one\n${kept}\n");
  expect(read('file("in.txt")')).toBe("one\n${kept}\n");
  expect(read('filebase64("bytes.bin")')).toBe("/wD+");
  expect(read('strlen(file("full.txt"))')).toBe(1_000_000);
  expect(read('[fileexists("a.txt"), fileexists("none.txt"), fileexists("a.txt/x")]')).toEqual([
    true,
    false,
    false,
  ]);
});

test.each([
  ["../secret.txt"],
  ["sub/../../secret.txt"],
  ["/etc/passwd"],
  ["out.txt"],
  ["up/secret.txt"],
  ["up/none.txt"],
  ["../none.txt"],
  ["../jobs-beside/x.txt"],
  ["~/x"],
])("%s is outside of the folder for every function", (path) => {
  for (const name of ["file", "filebase64", "fileexists"])
    expect(faultOf(`${name}("${path}")`)).toContain("outside of the folder");
});

test("what is no file of a fair size is refused", () => {
  expect(faultOf('file("none.txt")')).toContain("there is no file none.txt");
  expect(faultOf('file("sub")')).toContain("is no file");
  expect(faultOf('fileexists("sub")')).toContain("is no file");
  expect(faultOf('file("large.txt")')).toContain("larger than 1000000 bytes");
  expect(faultOf('file("bytes.bin")')).toContain("UTF-8");
  expect(faultOf('file("loop.txt")')).toContain("ELOOP");
  expect(faultOf(String.raw`file("a\u0000b")`)).toContain("zero character");
  expect(faultOf('[for i in range(300) : file("b.conf")]')).toContain("no more than 256 files");
});

test("sets of files are found by pattern", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [".", "*.conf", ["b.conf"]],
    [".", "**/*.conf", ["b.conf", "sub/c.conf", "sub/deep/d.conf"]],
    ["sub", "**", ["c.conf", "deep/d.conf"]],
    [".", "*/*.conf", ["sub/c.conf"]],
    [".", "s?b/c.conf", ["sub/c.conf"]],
    [".", "[ab].*", ["a.txt", "b.conf"]],
    [".", "[!a].conf", ["b.conf"]],
    [".", "{a,b}.{txt,conf}", ["a.txt", "b.conf"]],
    [".", String.raw`\\[x].txt`, ["[x].txt"]],
    [".", "in.*", ["in.txt"]],
    [".", "none*", []],
    ["none", "*", []],
    ["sub", "", []],
  ];
  for (const [path, pattern, files] of cases)
    expect(read(`fileset("${path}", "${pattern}")`), pattern).toEqual(files);
});

test("patterns and folders that lead out are refused", () => {
  expect(faultOf('fileset("..", "*")')).toContain("outside of the folder");
  expect(faultOf('fileset("up", "*")')).toContain("outside of the folder");
  expect(faultOf('fileset(".", "../*")')).toContain("cannot lead out");
  expect(faultOf('fileset(".", "out*")')).toContain("outside of the folder");
  expect(faultOf('fileset(".", "{a")')).toContain("not closed");
});

test("paths are completed without a look at the disk", () => {
  expect(read('abspath("/a/../b/./c")')).toBe("/b/c");
  expect(read('abspath("x")')).toBe(join(process.cwd(), "x"));
  expect(read('pathexpand("/already/full")')).toBe("/already/full");
  expect(read('pathexpand("~/x")')).toBe(`${homedir()}/x`);
  expect(faultOf('pathexpand("~other/x")')).toContain("another user");
});

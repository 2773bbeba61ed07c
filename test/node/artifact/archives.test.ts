import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGzip, gzipSync } from "node:zlib";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defaultArtifactSettings } from "../../../src/node/artifacts.ts";
import type { ArtifactSettings } from "../../../src/node/artifacts.ts";
import type { TaskPaths } from "../../../src/node/alloc-directory.ts";
import { decompress } from "../../../src/node/artifact/decompress.ts";
import { breatherOf } from "../../../src/lib/breather.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import { TreeWriter } from "../../../src/node/artifact/tree-writer.ts";
import { tarOf, tarPart, zipOf } from "../../support/artifact-files.ts";
import { watchLoop } from "../../support/loop-stretches.ts";
import { startArtifactWorld } from "../../support/artifact-world.ts";
import type { ArtifactWorld } from "../../support/artifact-world.ts";

let world: ArtifactWorld;
let paths: TaskPaths;
let folder: string;
beforeEach(async () => {
  world = await startArtifactWorld();
  paths = await world.task();
  folder = mkdtempSync(join(tmpdir(), "archives-"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world.close();
});
const read = (...path: string[]): string => readFileSync(join(paths.local, ...path), "utf8");
const work = (): string[] => readdirSync(join(paths.allocation, ".artifacts", "web", "work"));
const limited = (change: Partial<ArtifactSettings>): { settings: ArtifactSettings } => ({
  settings: { ...defaultArtifactSettings, allowedNetworks: world.loopback, ...change },
});
/** Puts bytes behind a name, fetches them, and gives what went wrong. */
const fetch = async (
  name: string,
  bytes: string | Uint8Array,
  change: Partial<ArtifactSettings> = {},
): Promise<string | undefined> => {
  world.pages.set(`/${name}`, bytes);
  return await world.fault(paths, { GetterSource: `${world.url}/${name}` }, limited(change));
};
const isEmpty = (): boolean => readdirSync(paths.local).length === 0 && work().length === 0;

/** Every folder and file below, with what is in it. */
const contentOf = (root: string): [string, string][] =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const path = join(root, name);
      return [name, statSync(path).isDirectory() ? "folder" : readFileSync(path, "utf8")];
    });
const shell = (command: string): Buffer =>
  execFileSync("sh", ["-c", command], { cwd: folder, maxBuffer: 2 ** 26 });
test.each([
  ["tree.tar", "tar -cf - tree"],
  ["tree.tar.gz", "tar -czf - tree"],
  ["tree.tgz", "tar --format=pax -czf - tree"],
  ["tree.tar.bz2", "tar -cf - tree | bzip2"],
  ["tree.tbz2", "tar --format=v7 -cf - tree | bzip2"],
  ["tree.tar.xz", "tar -cf - tree | xz -T1"],
  ["tree.txz", "tar --format=ustar -cf - tree | xz -T1"],
  ["tree.tar.zst", "tar -cf - tree | zstd -q"],
  ["tree.tzst", "tar --format=gnu -cf - tree | zstd -q"],
  ["tree.zip", "zip -q -r - tree"],
  ["stored.zip", "zip -q -0 -r - tree"],
])("%s as the usual tools make it comes out as it went in", async (name, command) => {
  const tree = join(folder, "tree");
  mkdirSync(join(tree, "sub", "deeper"), { recursive: true });
  writeFileSync(join(tree, "sub", "deeper", "text"), "words ".repeat(50_000));
  writeFileSync(join(tree, "tool"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(join(tree, "empty"), "");
  writeFileSync(join(tree, `${"n".repeat(90)}.txt`), "long name");
  mkdirSync(join(tree, "none"));
  expect(await fetch(name, shell(command))).toBeUndefined();
  expect(contentOf(join(paths.local, "tree"))).toEqual(contentOf(tree));
  expect(statSync(join(paths.local, "tree", "tool")).mode & 0o777).toBe(0o755);
  expect(work()).toEqual([]);
});

test.each([
  ["gz", "gzip"],
  ["bz2", "bzip2"],
  ["xz", "xz -T1"],
  ["zst", "zstd -q"],
])("a single file behind .%s loses its ending", async (ending, command) => {
  writeFileSync(join(folder, "tool"), "words ".repeat(50_000));
  expect(await fetch(`tool.${ending}`, shell(`${command} < tool`))).toBeUndefined();
  expect(read("tool")).toBe("words ".repeat(50_000));
});

test("options: an archive left alone, one told by name, a folder of it, its only file", async () => {
  const archive = tarOf([
    { name: "top-1.2/a/f", data: "inner" },
    { name: "top-1.2/b", data: "other" },
  ]);
  world.pages.set("/x.tar", archive);
  world.pages.set("/download", archive);
  world.pages.set("/one.zip", zipOf([{ name: "bin", data: "only", mode: 0o100755 }]));
  await world.fetch(paths, [
    { GetterSource: `${world.url}/x.tar?archive=false` },
    { GetterSource: `${world.url}/download`, GetterOptions: { archive: "tar" } },
    { GetterSource: `${world.url}/x.tar//top-*/a`, RelativeDest: "local/part" },
    { GetterSource: `${world.url}/one.zip`, GetterMode: "file", RelativeDest: "local/renamed" },
  ]);
  expect(readFileSync(join(paths.local, "x.tar")).equals(archive)).toBe(true);
  expect(read("top-1.2", "b")).toBe("other");
  expect(readdirSync(join(paths.local, "part"))).toEqual(["f"]);
  expect(read("renamed")).toBe("only");
  expect(statSync(join(paths.local, "renamed")).mode & 0o777).toBe(0o755);
  expect(
    await world.fault(paths, {
      GetterSource: `${world.url}/x.tar`,
      GetterMode: "file",
      RelativeDest: "local/f",
    }),
  ).toContain('mode "file" needs an archive of exactly one file');
  expect(await world.fault(paths, { GetterSource: `${world.url}/x.tar//no` })).toContain(
    'it has no "no" in it',
  );
});

test("CVE-2019-14803: bits that lend rights are taken off", async () => {
  expect(
    await fetch(
      "a.tar",
      tarOf([
        { name: "suid", mode: 0o4755, data: "x" },
        { name: "sgid", mode: 0o2755, data: "x" },
        { name: "sticky/", type: "5", mode: 0o7777 },
      ]),
    ),
  ).toBeUndefined();
  expect(
    await fetch("a.zip", zipOf([{ name: "zipped", mode: 0o106755, data: "x" }])),
  ).toBeUndefined();
  const modes = ["suid", "sgid", "sticky", "zipped"].map((name) =>
    (statSync(join(paths.local, name)).mode & 0o7777).toString(8),
  );
  expect(modes).toEqual(["755", "755", "755", "755"]);
  // Giving a file away takes them off as well, but not every agent may do that.
  const writer = new TreeWriter(
    folder,
    { maxFiles: 1, maxBytes: 1 },
    breatherOf(createSystemClock()),
  );
  await (await writer.file("suid", { mode: 0o7755, modified: undefined })).close();
  expect(statSync(join(folder, "suid")).mode & 0o7777).toBe(0o755);
});

test.each(["../up", "a/../../up", "/etc/up", "../../../../../../etc/cron.d/up", "..", "a/.."])(
  "CVE-2024-6717: %s in an archive leads nowhere",
  async (name) => {
    expect(
      await fetch(
        "a.tar",
        tarOf([
          { name: "good", data: "x" },
          { name, data: "x" },
        ]),
      ),
    ).toMatch(/archive entry .* (?:leads out of its folder|has an absolute path)/);
    expect(await fetch("a.zip", zipOf([{ name: "good" }, { name, data: "x" }]))).toMatch(
      /archive entry .* (?:leads out of its folder|has an absolute path)/,
    );
    expect(isEmpty()).toBe(true);
  },
);

test.each([
  [{ name: "link", type: "2", link: "/etc" }, "is a symbolic link"],
  [{ name: "link", type: "1", link: "../../../etc/passwd" }, "is a hard link"],
  [{ name: "null", type: "3" }, "is a character device"],
  [{ name: "disk", type: "4" }, "is a block device"],
  [{ name: "pipe", type: "6" }, "is a named pipe"],
])("CVE-2024-6717: what is neither a file nor a folder is refused: %j", async (part, words) => {
  const behind = { name: `${part.name}/passwd`, data: "owned" };
  expect(await fetch("a.tgz", gzipSync(tarOf([{ name: "good" }, part, behind])))).toContain(words);
  expect(isEmpty()).toBe(true);
});

test("CVE-2024-6717: the same in a zip", async () => {
  for (const mode of [0o120777, 0o010644, 0o020644, 0o060644])
    expect(
      await fetch("a.zip", zipOf([{ name: "good" }, { name: "l", mode, data: "/etc" }])),
    ).toMatch(/archive entry "l" is a/);
  expect(isEmpty()).toBe(true);
});

test("CVE-2023-0821: bombs are noticed while they unpack, in every format", async () => {
  const zeros = Buffer.alloc(20e6);
  writeFileSync(join(folder, "zeros"), zeros);
  const tar = tarOf([{ name: "zeros", data: zeros }]);
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ["a.tar.gz", gzipSync(tar)],
    ["a.gz", gzipSync(zeros)],
    ["a.zip", zipOf([{ name: "zeros", data: zeros }])],
    // What the list says is a claim only.
    ["b.zip", zipOf([{ name: "zeros", data: zeros, size: 10 }])],
    ["a.bz2", shell("bzip2 < zeros")],
    ["a.xz", shell("xz -T1 < zeros")],
    ["a.zst", shell("zstd -q < zeros")],
    ["a.tar", tar],
  ];
  for (const [name, bytes] of cases)
    expect(await fetch(name, bytes, { maxUnpackedBytes: 1e6 }), name).toContain(
      "the archive unpacks to more than the limit of 1 MB",
    );
  expect(isEmpty()).toBe(true);
});

test("CVE-2023-0821: 42 layers, sparse files and endless headers bring no more than they weigh", async () => {
  expect(await fetch("a.tar", tarOf([{ name: "s", type: "S", size: 10 * 2 ** 30 }]))).toContain(
    "is a sparse file",
  );
  // A size of ten gigabytes without the bytes behind it.
  expect(await fetch("b.tar", tarOf([{ name: "s", size: 10 * 2 ** 30, data: "x" }]))).toContain(
    "the tar archive ends too early",
  );
  const headers = Buffer.concat(
    Array.from({ length: 40 }, () =>
      tarPart({ name: "pax", type: "g", data: `100000 comment=${"x".repeat(99_983)}\n` }),
    ),
  );
  expect(await fetch("c.tar.gz", gzipSync(headers), { maxUnpackedBytes: 1e6 })).toContain(
    "more than the limit of 1 MB",
  );
  // An archive inside an archive is a file.
  let inner = zipOf([{ name: "zeros", data: Buffer.alloc(1e6) }]);
  for (let layer = 0; layer < 5; layer++) inner = zipOf([{ name: "next.zip", data: inner }]);
  expect(await fetch("layers.zip", inner, { maxUnpackedBytes: 100_000 })).toBeUndefined();
  expect(readdirSync(paths.local)).toEqual(["next.zip"]);
});

test("CVE-2023-0821: more files than the limit are too many, and most of them are never made", async () => {
  const many = Array.from({ length: 10_000 }, (_, at) => ({ name: `f${at}` }));
  expect(await fetch("many.tar.gz", gzipSync(tarOf(many)), { maxFiles: 1000 })).toContain(
    "the archive holds more than the limit of 1000 files",
  );
  const zipped = many.slice(0, 6_000).map(({ name }) => ({ name, isStored: true }));
  expect(await fetch("many.zip", zipOf(zipped))).toContain(
    "the archive holds more than the limit of 4096 files",
  );
  // A list that claims less than it holds brings what it claims.
  expect(await fetch("claim.zip", zipOf(zipped, { entries: 3 }))).toBeUndefined();
  expect(readdirSync(paths.local)).toHaveLength(3);
  expect(work()).toEqual([]);
});

test("as many files as the limit allows are fine, folders count as well", async () => {
  const parts = [{ name: "d/", type: "5" }, { name: "d/a" }, { name: "d/b" }];
  expect(await fetch("a.tar", tarOf(parts), { maxFiles: 2 })).toContain("limit of 2 files");
  expect(await fetch("a.tar", tarOf(parts), { maxFiles: 3 })).toBeUndefined();
});

test("archives that are none, or broken, are told apart from good ones", async () => {
  const zip = zipOf([{ name: "f", data: "content".repeat(100) }]);
  const damaged = Buffer.from(zip);
  damaged[40] = (damaged[40] ?? 0) ^ 0xff;
  const cases: readonly (readonly [string, string | Uint8Array, string | RegExp])[] = [
    ["a.tar", "<html>not found</html>".repeat(40), "a header has a wrong checksum"],
    ["b.tar", "", "the tar archive is empty"],
    ["c.tar", tarOf([{ name: "f", data: "x".repeat(2000) }]).subarray(0, 1000), "ends too early"],
    ["a.tar.gz", "<html>", "incorrect header check"],
    ["a.tar.xz", "<html>", /xz: .*File format not recognized/],
    ["a.tar.bz2", "<html>", /bzip2: .*not a bzip2 file/],
    ["a.tar.zst", "<html>", "zstd: "],
    ["a.zip", "<html>", "it is no zip archive"],
    ["b.zip", damaged, /invalid|damaged|incorrect/],
    ["c.zip", zipOf([{ name: "f", data: "x", crc: 1 }]), 'archive entry "f" is damaged'],
    ["d.zip", zipOf([{ name: "f", data: "x", size: 2 }]), 'archive entry "f" is damaged'],
    ["e.zip", zip.subarray(5), /broken|too early/],
    ["f.zip", zipOf([{ name: "f", flags: 1 }]), "is encrypted"],
  ];
  for (const [name, bytes, words] of cases) {
    const fault = await fetch(name, bytes);
    if (typeof words === "string") expect(fault, name).toContain(words);
    else expect(fault, name).toMatch(words);
  }
  expect(isEmpty()).toBe(true);
});

test("a file that is also the folder of another one is a failure", async () => {
  const parts = [
    { name: "a", data: "x" },
    { name: "a/b", data: "y" },
  ];
  expect(await fetch("a.tar", tarOf(parts))).toMatch(/EEXIST|ENOTDIR/);
  expect(await fetch("b.tar", tarOf([...parts].reverse()))).toMatch(/EISDIR/);
  expect(isEmpty()).toBe(true);
});

test("a missing program is named", async () => {
  const path = join(folder, "f");
  writeFileSync(path, "x");
  const missing = decompress(path, "xz", {
    consume: () => Promise.resolve(),
    signal: new AbortController().signal,
    programPath: "/nowhere",
  });
  await expect(missing).rejects.toThrow('the program "xz" is not installed');
});

test("a full disk is a failure that leaves the room it took", async () => {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "none", disk]);
  try {
    const small = { ...paths, allocation: join(disk, "a1"), task: join(disk, "a1", "web") };
    mkdirSync(join(small.task, "local"), { recursive: true });
    world.pages.set("/big", Buffer.alloc(4e6));
    world.pages.set("/big.gz", gzipSync(Buffer.alloc(4e6)));
    for (const name of ["big", "big.gz"])
      expect(await world.fault(small, { GetterSource: `${world.url}/${name}` })).toContain(
        "ENOSPC",
      );
    expect(existsSync(join(small.allocation, ".artifacts", "web", "work"))).toBe(true);
    expect(readdirSync(join(small.allocation, ".artifacts", "web", "work"))).toEqual([]);
    expect(readdirSync(join(small.task, "local"))).toEqual([]);
    expect(
      Number(execFileSync("df", ["--output=used", disk]).toString().split("\n")[1]),
    ).toBeLessThan(100);
  } finally {
    execFileSync("umount", [disk]);
  }
});

test("secrets in memory are another file system, and get their files all the same", async () => {
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "none", paths.secrets]);
  try {
    world.pages.set("/a.tar", tarOf([{ name: "d/key", data: "secret", mode: 0o600 }]));
    await world.fetch(paths, [{ GetterSource: `${world.url}/a.tar`, RelativeDest: "secrets/" }]);
    expect(readFileSync(join(paths.secrets, "d", "key"), "utf8")).toBe("secret");
    expect(statSync(join(paths.secrets, "d", "key")).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(paths.secrets, "d"))).toEqual(["key"]);
  } finally {
    execFileSync("umount", [paths.secrets]);
  }
});

test("the event loop goes on while 40 MB are fetched, hashed and unpacked", async () => {
  const file = join(folder, "large.tar.gz");
  await pipeline(Readable.from(largeTar(40)), createGzip({ level: 1 }), async (chunks) => {
    const out = openSync(file, "w");
    for await (const chunk of chunks) writeSync(out, chunk as Uint8Array);
    closeSync(out);
  });
  const bytes = readFileSync(file);
  const digest = createHash("sha256").update(bytes).digest("hex");
  world.pages.set("/large.tar.gz", (_, answer) => answer.end(bytes));
  const before = process.memoryUsage.rss();
  const stop = watchLoop();
  await world.fetch(paths, [
    { GetterSource: `${world.url}/large.tar.gz`, GetterOptions: { checksum: `sha256:${digest}` } },
  ]);
  const longest = stop();
  expect(readdirSync(paths.local)).toHaveLength(400);
  expect(longest).toBeLessThan(20);
  expect(process.memoryUsage.rss() - before).toBeLessThan(150e6);
});

function* largeTar(megabytes: number): Iterable<Buffer> {
  const data = Buffer.alloc(100_000);
  for (let at = 0; at < data.length; at++) data[at] = (at * at) % 251;
  for (let at = 0; at < megabytes * 10; at++) yield tarPart({ name: `f${at}`, data });
  yield Buffer.alloc(1024);
}

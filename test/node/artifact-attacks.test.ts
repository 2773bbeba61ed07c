import { createHash } from "node:crypto";
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdir, rm, symlink, unlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defaultArtifactSettings } from "../../src/node/artifacts.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { tarOf, zipOf } from "../support/artifact-files.ts";
import { startArtifactWorld } from "../support/artifact-world.ts";
import type { ArtifactWorld } from "../support/artifact-world.ts";

let world: ArtifactWorld;
beforeEach(async () => {
  world = await startArtifactWorld();
});
afterEach(async () => {
  await world.close();
});
const read = (...path: string[]): string => readFileSync(join(...path), "utf8");

test("no task can say that its artifact is there", async () => {
  const paths = await world.task();
  world.pages.set("/tool", "content");
  await world.fetch(paths, [{ GetterSource: `${world.url}/tool` }]);
  const store = join(paths.allocation, ".artifacts");
  expect(statSync(store).mode & 0o777).toBe(0o700);
  for (const open of [paths.task, paths.local, paths.shared])
    expect(store.startsWith(`${open}/`)).toBe(false);
  const destination = await world.fault(paths, {
    GetterSource: `${world.url}/tool`,
    RelativeDest: "../.artifacts/web/done",
  });
  expect(destination).toContain("artifact destination path escapes alloc directory");
  // A task of that name gets a folder that everybody may write to.
  const odd = await world.task("a2", ".artifacts");
  expect(await world.fault(odd, { GetterSource: `${world.url}/tool` })).toContain(
    "no task may be called .artifacts",
  );
});

test("links that a task planted at the destination lead nowhere", async () => {
  const paths = await world.task();
  const outside = join(paths.allocation, "..", "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "victim"), "untouched");
  symlinkSync(outside, join(paths.local, "link"));
  symlinkSync(join(outside, "victim"), join(paths.local, "tool"));
  world.pages.set("/tool", "content");
  world.pages.set("/a.zip", zipOf([{ name: "link/tool", data: "content" }]));
  const through = await world.fault(paths, {
    GetterSource: `${world.url}/tool`,
    RelativeDest: "local/link",
  });
  expect(through).toContain('"link" at the destination is a link or a file, not a folder');
  const unpacked = await world.fault(paths, { GetterSource: `${world.url}/a.zip` });
  expect(unpacked).toContain('"link" at the destination is a link or a file, not a folder');
  await world.fetch(paths, [{ GetterSource: `${world.url}/tool` }]);
  expect(read(paths.local, "tool")).toBe("content");
  expect(readdirSync(outside)).toEqual(["victim"]);
  expect(read(outside, "victim")).toBe("untouched");
  // The task's own folder is the task's to swap.
  rmSync(paths.local, { recursive: true });
  symlinkSync(outside, paths.local);
  expect(
    await world.fault(paths, { GetterSource: `${world.url}/tool`, GetterOptions: { v: "2" } }),
  ).toContain('"local" at the destination is a link or a file, not a folder');
  expect(readdirSync(outside)).toEqual(["victim"]);
});

test("a folder that becomes a link and back again while files arrive lets nothing out", async () => {
  const paths = await world.task();
  const outside = join(paths.allocation, "..", "outside");
  mkdirSync(outside);
  const place = join(paths.local, "d");
  mkdirSync(place);
  const files = Array.from({ length: 100 }, (_, at) => ({ name: `d/sub/f${at}`, data: "x" }));
  world.pages.set("/a.tar", tarOf(files));
  const over = new AbortController();
  let turns = 0;
  const swapping = (async () => {
    for (; !over.signal.aborted; turns++)
      for (const change of [
        () => rm(place, { recursive: true, force: true }),
        () => symlink(outside, place),
        () => unlink(place),
        () => mkdir(place),
      ])
        // The node makes the folder itself when it is not there at the right moment.
        await change().catch((thrown: unknown) => {
          expect(String(thrown)).toMatch(/EEXIST|ENOTEMPTY|EISDIR|EPERM|ENOENT/);
        });
  })();
  const ends = [];
  for (let v = 0; v < 6; v++)
    ends.push(
      await world.fault(paths, { GetterSource: `${world.url}/a.tar?v=${v}` }).then(outcome),
    );
  over.abort();
  await swapping;
  expect(turns).toBeGreaterThan(0);
  expect(ends).toHaveLength(6);
  for (const end of ends) expect(["here", "refused"]).toContain(end);
  expect(readdirSync(outside)).toEqual([]);
});
const outcome = (fault: string | undefined): string => {
  if (fault === undefined) return "here";
  return /is a link or a file|escapes|ENOENT/.test(fault) ? "refused" : fault;
};

test("CVE-2022-24686: 200 tasks at once get each their own artifact", async () => {
  const random = seededRandom(24_686);
  const bodies = Array.from({ length: 200 }, (_, at) =>
    Buffer.from(Array.from({ length: 3000 }, () => Math.floor(random.fraction() * 256)).concat(at)),
  );
  for (const [at, body] of bodies.entries())
    world.pages.set(`/f${at}`, (_, answer) => {
      answer.write(body.subarray(0, 1000));
      setImmediate(() => answer.end(body.subarray(1000)));
    });
  const tasks = await Promise.all(bodies.map((_, at) => world.task(`a${at}`, "web")));
  await Promise.all(
    tasks.map((paths, at) =>
      world.fetch(paths, [
        {
          GetterSource: `${world.url}/f${at}`,
          GetterOptions: { filename: "same" },
        },
      ]),
    ),
  );
  const hash = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");
  expect(tasks.map(({ local }) => hash(readFileSync(join(local, "same"))))).toEqual(
    bodies.map(hash),
  );
});

test("CVE-2022-41606: a thousand malformed sources are failures, each with its own words", async () => {
  const paths = await world.task();
  const random = seededRandom(41_606);
  const bits = ["s3::", "gcs::", "git::", "hg::", "file::", "http://", "https://", "ssh://", "//"]
    .concat([
      "?",
      "=",
      "&",
      "%",
      "%zz",
      "\0",
      "\n",
      " ",
      "@",
      ":",
      "..",
      "-o",
      "[",
      "]",
      "::1",
      "#",
    ])
    .concat(["s3.amazonaws.com/", "www.googleapis.com/storage/v1/", "github.com/", "bucket", "é"])
    .concat(["checksum=", "archive=", "sshkey=", "ref=", "depth=", "169.254.169.254", "0x7f.1"]);
  let failures = 0;
  for (let count = 0; count < 1000; count++) {
    const length = 1 + Math.floor(random.fraction() * 8);
    const GetterSource = Array.from(
      { length },
      () => bits[Math.floor(random.fraction() * bits.length)] ?? "",
    ).join("");
    const fault = await world.fault(
      paths,
      { GetterSource },
      {
        // No name leaves this machine, and no address is allowed.
        resolve: () => Promise.resolve(["127.0.0.1"]),
        settings: defaultArtifactSettings,
      },
    );
    if (fault?.startsWith("failed to download artifact ") === true) failures++;
    else expect.fail(`${JSON.stringify(GetterSource)} gave ${fault}`);
  }
  expect(failures).toBe(1000);
  expect(readdirSync(paths.local)).toEqual([]);
});

test("CVE-2020-27195: what interpolation made of a destination is judged, not what was written", async () => {
  const paths = await world.task();
  world.pages.set("/tool", "content");
  // As they are when the environment has been put in: NOMAD_META_x = "../../..", NOMAD_ALLOC_DIR and the like.
  for (const RelativeDest of [
    "local/../../../up",
    "../../../../../../etc",
    "local/./../../..",
    "/../..",
  ])
    expect(await world.fault(paths, { GetterSource: `${world.url}/tool`, RelativeDest })).toContain(
      "artifact destination path escapes alloc directory",
    );
  expect(world.asked).toEqual([]);
});

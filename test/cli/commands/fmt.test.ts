import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runAgainst, type CliResult } from "../fake-agent.ts";

const rough = 'job "x" {\ntype="batch"\n    group "g" {}\n}\n';
const fine = 'job "x" {\n  type = "batch"\n  group "g" {}\n}\n';

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fmt-"));
});
afterEach(() => rm(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
const read = (name: string): Promise<string> => readFile(path(name), "utf8");
const fmt = (...args: readonly string[]): Promise<CliResult> => runAgainst({}, ["fmt", ...args]);

test("writes the files of a folder that need it and names them", async () => {
  await writeFile(path("b.nomad"), rough);
  await writeFile(path("a.nomad.hcl"), rough);
  await writeFile(path("c.hcl"), fine);
  await writeFile(path("d.txt"), rough);
  await writeFile(path(".e.hcl"), rough);
  expect(await fmt(folder)).toMatchObject({
    code: 0,
    out: `${path("a.nomad.hcl")}\n${path("b.nomad")}\n`,
    err: "",
  });
  expect(await read("b.nomad")).toBe(fine);
  expect(await read("d.txt")).toBe(rough);
  expect(await read(".e.hcl")).toBe(rough);
  expect(await fmt(folder)).toMatchObject({ code: 0, out: "" });
  expect((await readdir(folder)).toSorted()).toEqual([
    ".e.hcl",
    "a.nomad.hcl",
    "b.nomad",
    "c.hcl",
    "d.txt",
  ]);
});

test("goes into folders only when asked, and never round a circle of links", async () => {
  await mkdir(path("in/deep"), { recursive: true });
  await writeFile(path("in/deep/a.nomad"), rough);
  await symlink(folder, path("in/round"));
  expect(await fmt(folder)).toMatchObject({ code: 0, out: "" });
  expect(await read("in/deep/a.nomad")).toBe(rough);
  expect(await fmt("-recursive", folder)).toMatchObject({
    code: 0,
    out: `${path("in/deep/a.nomad")}\n`,
  });
  expect(await read("in/deep/a.nomad")).toBe(fine);
});

test("-check writes nothing and tells by its exit code", async () => {
  await writeFile(path("a.nomad"), rough);
  expect(await fmt("-check", path("a.nomad"))).toMatchObject({
    code: 1,
    out: `${path("a.nomad")}\n`,
  });
  expect(await fmt("-check", "-list=false", path("a.nomad"))).toMatchObject({ code: 1, out: fine });
  expect(await read("a.nomad")).toBe(rough);
  await writeFile(path("a.nomad"), fine);
  expect(await fmt("-check", path("a.nomad"))).toMatchObject({ code: 0, out: "" });
});

test("-write=false names only, and without -list prints the result", async () => {
  await writeFile(path("a.nomad"), rough);
  expect(await fmt("-write=false", path("a.nomad"))).toMatchObject({
    code: 0,
    out: `${path("a.nomad")}\n`,
  });
  expect(await fmt("-write=false", "-list=false", path("a.nomad"))).toMatchObject({
    code: 0,
    out: fine,
  });
  expect(await read("a.nomad")).toBe(rough);
  expect(await fmt("-list=false", path("a.nomad"))).toMatchObject({ code: 0, out: "" });
  expect(await read("a.nomad")).toBe(fine);
});

test("standard input is printed in its form", async () => {
  const run = (...args: readonly string[]) => runAgainst({}, ["fmt", ...args], { stdin: rough });
  expect(await run("-")).toMatchObject({ code: 0, out: fine, err: "" });
  expect(await run("-check", "-")).toMatchObject({ code: 1, out: fine });
  expect(await run("-", "x.nomad")).toMatchObject({ code: 1, out: "" });
  expect(await runAgainst({}, ["fmt", "-"], { stdin: "a = [" })).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining("stdin:1,6"),
  });
});

test("a file with a fault is left alone, and the others are done", async () => {
  await writeFile(path("a.nomad"), "job {\n  x = \n}\n");
  await writeFile(path("b.nomad"), rough);
  await writeFile(path("c.nomad"), Buffer.from([0x61, 0x3d, 0xff]));
  await symlink(path("nowhere"), path("d.nomad"));
  const result = await fmt(path("none.nomad"), folder);
  expect(result).toMatchObject({ code: 1, out: `${path("b.nomad")}\n` });
  expect(result.err).toContain(`Error reading ${path("none.nomad")}: no such file or directory\n`);
  expect(result.err).toContain(`Error reading ${path("d.nomad")}: no such file or directory\n`);
  expect(result.err).toContain(`${path("a.nomad")}:2,7`);
  expect(result.err).toContain(`${path("c.nomad")}: the file is not written in UTF-8\n`);
  expect(await read("a.nomad")).toBe("job {\n  x = \n}\n");
  expect(await read("b.nomad")).toBe(fine);
});

test("the file keeps its mode, and a link stays a link", async () => {
  await writeFile(path("a.vars"), rough);
  await chmod(path("a.vars"), 0o606);
  await symlink("a.vars", path("b.nomad"));
  expect(await fmt(path("b.nomad"))).toMatchObject({ code: 0, out: `${path("b.nomad")}\n` });
  expect(await read("a.vars")).toBe(fine);
  expect((await stat(path("a.vars"))).mode & 0o777).toBe(0o606);
  expect((await lstat(path("b.nomad"))).isSymbolicLink()).toBe(true);
});

test("who reads the file sees the old or the new text: the old file is never written into", async () => {
  await writeFile(path("a.nomad"), rough);
  await link(path("a.nomad"), path("old"));
  expect(await fmt(path("a.nomad"))).toMatchObject({ code: 0 });
  expect(await read("old")).toBe(rough);
  expect(await read("a.nomad")).toBe(fine);
});

test("a file is written once, however often it is named", async () => {
  await writeFile(path("a.nomad"), rough);
  expect(await fmt(path("a.nomad"), folder)).toMatchObject({ out: `${path("a.nomad")}\n` });
});

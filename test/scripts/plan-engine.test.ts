import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  engineAddress,
  isNodeTooOld,
  isStaticProgram,
  isYes,
  nodeWarning,
  planEngine,
  runtimePackages,
  splitImage,
} from "../../scripts/setup/plan-engine.mjs";

const fresh = {
  state: "absent",
  dockerHost: undefined,
  hasDockerd: false,
  isRoot: true,
  hasApt: true,
  mayInstall: true,
};

describe("what to do about the engine", () => {
  test.each([
    ["one that runs is used", { state: "running" }, "use", /^$/],
    ["a fresh machine gets one", {}, "install", /apt-get install -y docker\.io/],
    ["--no-install never installs", { mayInstall: false }, "without", /--no-install was given/],
    ["without root it is said how", { isRoot: false }, "without", /sudo apt-get install -y/],
    ["elsewhere than Debian too", { hasApt: false }, "without", /docs\.docker\.com/],
    ["one that is installed is started", { hasDockerd: true }, "start", /^$/],
    [
      "but not by a plain user",
      { hasDockerd: true, isRoot: false },
      "without",
      /sudo systemctl start docker/,
    ],
    [
      "no right to the socket has one remedy",
      { state: "denied", hasDockerd: true, isRoot: false },
      "without",
      /sudo usermod -aG docker \$USER/,
    ],
    [
      "an address of the user's own is never replaced",
      { dockerHost: "unix:///nonexistent", hasDockerd: true },
      "without",
      /DOCKER_HOST=unix:\/\/\/nonexistent/,
    ],
  ])("%s", (_name, facts, kind, said) => {
    const plan = planEngine({ ...fresh, ...facts });
    expect(plan.kind).toBe(kind);
    expect(plan.say.join("\n")).toMatch(said);
  });
});

test.each([
  [undefined, { socketPath: "/var/run/docker.sock" }],
  ["", { socketPath: "/var/run/docker.sock" }],
  ["unix:///run/user/1000/docker.sock", { socketPath: "/run/user/1000/docker.sock" }],
  ["tcp://127.0.0.1:2376", { host: "127.0.0.1", port: 2376 }],
  ["tcp://[::1]", { host: "::1", port: 2375 }],
  ["ssh://me@there", undefined],
])("DOCKER_HOST %s", (given, expected) => {
  expect(engineAddress(given)).toEqual(expected);
});

test("an empty answer is a yes, as the question says", () => {
  expect(["", "y", "YES", " Y "].map(isYes)).toEqual([true, true, true, true]);
  expect(["n", "no", "what"].map(isYes)).toEqual([false, false, false]);
});

test("only what a program needs at run time is unpacked, once", () => {
  const listing =
    "redis-server\n  Depends: redis-tools\nredis-tools\nlibc6\ndebconf\n<debconf-2.0>\nlibc6\n";
  expect(runtimePackages(listing)).toEqual(["redis-server", "redis-tools", "libc6"]);
});

test("the tag of an image is not the port of its registry", () => {
  expect(splitImage("redis:7")).toEqual({ repo: "redis", tag: "7" });
  expect(splitImage("127.0.0.1:5000/redis")).toEqual({
    repo: "127.0.0.1:5000/redis",
    tag: "latest",
  });
});

test.each([
  ["18.20.0", true],
  ["20.18.9", true],
  ["20.19.0", false],
  ["24.1.0", false],
])("Node %s too old: %s", (version, expected) => {
  expect(isNodeTooOld(version)).toBe(expected);
});

test("a Node that the SQLite module does not bear is warned of, with the one to take", () => {
  expect(["20.19.0", "22.23.3"].map(nodeWarning)).toEqual([undefined, undefined]);
  expect(nodeWarning("24.21.0")).toMatch(/Node 24\.21\.0.*use Node 22/);
});

describe("a program that runs alone in an image", () => {
  const loader = 3;
  const stack = 0x6474e551;
  test("is one that asks for no dynamic loader, even when it carries the loader's name", () => {
    const program = Buffer.concat([elf64([1, stack]), Buffer.from("/lib64/ld-linux-x86-64.so.2")]);
    expect(isStaticProgram(program)).toBe(true);
    expect(isStaticProgram(elf32BigEndian([1, stack]))).toBe(true);
  });
  test("is none that asks for one", () => {
    expect(isStaticProgram(elf64([1, loader]))).toBe(false);
    expect(isStaticProgram(elf32BigEndian([1, loader]))).toBe(false);
    expect(isStaticProgram(readFileSync("/proc/self/exe"))).toBe(false);
  });
  test("is no script and nothing cut off", () => {
    expect(isStaticProgram(Buffer.from("#!/bin/sh\n".padEnd(100)))).toBe(false);
    expect(isStaticProgram(elf64([1, stack]).subarray(0, 100))).toBe(false);
  });
});

function elf64(types: readonly number[]): Buffer {
  const bytes = Buffer.alloc(64 + types.length * 56);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  bytes.writeBigUInt64LE(64n, 0x20);
  bytes.writeUInt16LE(56, 0x36);
  bytes.writeUInt16LE(types.length, 0x38);
  for (const [at, type] of types.entries()) bytes.writeUInt32LE(type, 64 + at * 56);
  return bytes;
}

function elf32BigEndian(types: readonly number[]): Buffer {
  const bytes = Buffer.alloc(52 + types.length * 32);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 2]);
  bytes.writeUInt32BE(52, 0x1c);
  bytes.writeUInt16BE(32, 0x2a);
  bytes.writeUInt16BE(types.length, 0x2c);
  for (const [at, type] of types.entries()) bytes.writeUInt32BE(type, 52 + at * 32);
  return bytes;
}

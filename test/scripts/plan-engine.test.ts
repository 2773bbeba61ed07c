import { describe, expect, test } from "vitest";
import {
  engineAddress,
  isNodeTooOld,
  isYes,
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

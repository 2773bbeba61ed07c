import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defaultArtifactSettings } from "../../../src/node/artifacts.ts";
import type { TaskPaths } from "../../../src/node/alloc-directory.ts";
import { startArtifactWorld } from "../../support/artifact-world.ts";
import type { ArtifactWorld } from "../../support/artifact-world.ts";
import { startGitServer } from "../../support/git-server.ts";
import type { GitServer } from "../../support/git-server.ts";

let world: ArtifactWorld;
let server: GitServer;
let paths: TaskPaths;
let tree: string;
beforeEach(async () => {
  [world, server] = await Promise.all([startArtifactWorld(), startGitServer()]);
  paths = await world.task();
  tree = server.make("app");
  mkdirSync(join(tree, "conf"));
  writeFileSync(join(tree, "conf", "file"), "first");
  commit("one");
  server.git(tree, "tag", "v1");
  writeFileSync(join(tree, "conf", "file"), "second");
  commit("two");
});
afterEach(async () => {
  server.close();
  await world.close();
});
function commit(message: string): void {
  server.git(tree, "add", "-A");
  server.git(tree, "commit", "--quiet", "-m", message);
}
const read = (...path: string[]): string => readFileSync(join(paths.local, ...path), "utf8");
const source = (rest = ""): string => `git::${server.url}/app/.git${rest}`;

test("a repository is cloned as it is now", async () => {
  await world.fetch(paths, [{ GetterSource: source(), RelativeDest: "local/app" }]);
  expect(read("app", "conf", "file")).toBe("second");
  expect(existsSync(join(paths.local, "app", ".git"))).toBe(true);
  expect(readdirSync(join(paths.allocation, ".artifacts", "web", "work"))).toEqual([]);
});

test("ref is a tag, a branch or a commit, and depth leaves the history out", async () => {
  const [first, second] = [
    server.git(tree, "rev-parse", "v1"),
    server.git(tree, "rev-parse", "main"),
  ];
  server.git(tree, "branch", "side", "v1");
  const refs = ["v1", "main", "side", first, "v1&depth=1", "main&depth=1", `${second}&depth=1`];
  for (const [at, ref] of refs.entries())
    await world.fetch(paths, [
      { GetterSource: source(`?ref=${ref}`), RelativeDest: `local/${at}` },
    ]);
  expect(refs.map((_, at) => read(String(at), "conf", "file"))).toEqual([
    "first",
    "second",
    "first",
    "first",
    "first",
    "second",
    "second",
  ]);
  expect(existsSync(join(paths.local, "5", ".git", "shallow"))).toBe(true);
  expect(existsSync(join(paths.local, "1", ".git", "shallow"))).toBe(false);
});

test("a folder of a repository comes without its history, a file alone as a file", async () => {
  await world.fetch(paths, [
    { GetterSource: source("//conf?ref=v1"), RelativeDest: "local/a" },
    { GetterSource: source("//c*/file"), RelativeDest: "local/b" },
    { GetterSource: source("//conf/file"), RelativeDest: "local/c", GetterMode: "file" },
  ]);
  expect(readdirSync(join(paths.local, "a"))).toEqual(["file"]);
  expect([read("a", "file"), read("b", "file"), read("c")]).toEqual(["first", "second", "second"]);
  expect(await world.fault(paths, { GetterSource: source("//nothing") })).toContain(
    'it has no "nothing" in it',
  );
});

test("links in a repository become plain files, hooks and filters never run", async () => {
  symlinkSync("/etc/passwd", join(tree, "link"));
  writeFileSync(join(tree, ".gitattributes"), "* filter=evil\n");
  commit("evil");
  await world.fetch(paths, [{ GetterSource: source() }]);
  expect(lstatSync(join(paths.local, "link")).isSymbolicLink()).toBe(false);
  expect(read("link")).toBe("/etc/passwd");
  expect(existsSync(join(paths.local, ".git", "hooks"))).toBe(false);
});

test("passwords and headers reach the server, and stay out of the checkout", async () => {
  const withUser = source().replace("http://", "http://me:s3cret@");
  await world.fetch(paths, [{ GetterSource: withUser, GetterHeaders: { "X-Token": "t" } }]);
  expect(server.seen[0]).toMatchObject({
    authorization: `Basic ${btoa("me:s3cret")}`,
    "x-token": "t",
  });
  const config = read(".git", "config");
  expect(config).toContain(server.url);
  expect(config).not.toContain("s3cret");
  expect(config).not.toContain("X-Token");
});

test("what does not exist is told in git's words", async () => {
  expect(await world.fault(paths, { GetterSource: `git::${server.url}/none/.git` })).toContain(
    "git: fatal: repository",
  );
  expect(await world.fault(paths, { GetterSource: source("?ref=v9") })).toContain(
    "git: fatal: invalid reference: v9",
  );
  expect(readdirSync(paths.local)).toEqual([]);
});

test("git is held to the same addresses", async () => {
  const strict = { settings: defaultArtifactSettings };
  expect(await world.fault(paths, { GetterSource: source() }, strict)).toContain(
    "address 127.0.0.1 is refused: this node fetches no artifacts from loopback addresses",
  );
  expect(
    await world.fault(
      paths,
      { GetterSource: "git::https://innocent.example/app" },
      { ...strict, resolve: () => Promise.resolve(["169.254.169.254"]) },
    ),
  ).toContain("address 169.254.169.254 of innocent.example is refused");
  expect(
    await world.fault(
      paths,
      { GetterSource: "git@innocent.example:app" },
      { ...strict, resolve: () => Promise.resolve(["127.0.0.1"]) },
    ),
  ).toContain("address 127.0.0.1 of innocent.example is refused");
  expect(server.seen).toEqual([]);
});

test("a repository behind TLS is cloned, and its certificate checked", async () => {
  const secure = await startGitServer(true);
  const folder = secure.make("app");
  writeFileSync(join(folder, "file"), "secure");
  secure.git(folder, "add", "-A");
  secure.git(folder, "commit", "--quiet", "-m", "one");
  const GetterSource = `git::${secure.url}/app/.git`;
  const strict = await world.fault(paths, { GetterSource });
  await world.fetch(paths, [{ GetterSource, GetterInsecure: true }]);
  secure.close();
  expect(strict).toContain("certificate verification failed");
  expect(read("file")).toBe("secure");
});

test("a redirect of a repository leads nowhere that is refused", async () => {
  world.pages.set("/app/info/refs", (asked, answer) => {
    const location = `http://169.254.169.254/app/info/refs?${asked.url?.split("?")[1]}`;
    answer.writeHead(302, { location }).end();
  });
  expect(await world.fault(paths, { GetterSource: `git::${world.url}/app` })).toContain(
    "address 169.254.169.254 is refused",
  );
});

test("submodules come along, unless they lead where nothing is fetched from", async () => {
  const part = server.make("part");
  writeFileSync(join(part, "inner"), "part");
  server.git(part, "add", "-A");
  server.git(part, "commit", "--quiet", "-m", "part");
  const modules = (url: string): void => {
    writeFileSync(join(tree, ".gitmodules"), `[submodule "part"]\n\tpath = part\n\turl = ${url}\n`);
  };
  server.git(tree, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", part, "part");
  modules(`${server.url}/part/.git`);
  commit("with a part");
  await world.fetch(paths, [{ GetterSource: source(), RelativeDest: "local/good" }]);
  expect(read("good", "part", "inner")).toBe("part");
  const get = async (url: string): Promise<string | undefined> => {
    modules(url);
    commit(url);
    return await world.fault(paths, { GetterSource: source(), RelativeDest: "local/bad" });
  };
  expect(await get("http://169.254.169.254/part")).toContain("address 169.254.169.254 is refused");
  expect(await get(part)).toContain("transport 'file' not allowed");
  expect(await get("ext::touch /tmp/owned")).toContain("transport 'ext' not allowed");
  expect(readdirSync(paths.local)).toEqual(["good"]);
});

test.each([
  ["git::file:///srv/app", "git over file:// is not supported"],
  ["git::ssh://-oProxyCommand=touch%20owned/app", "cannot be the name of a host"],
  ["git::ssh://git@-oProxyCommand=id/app", "cannot be the name of a host"],
  ["git::-oProxyCommand=id@host:app", "file sources are not supported"],
  ["git::https://host/app?ref=--upload-pack=touch%20owned", "cannot be a ref"],
  ["git::https://host/app?depth=1%20--upload-pack=id", "is no number"],
])("CVE-2022-30324, CVE-2024-3817: %s reaches no command line", async (GetterSource, words) => {
  expect(await world.fault(paths, { GetterSource })).toContain(words);
});

test("a stop ends git and what it started", async () => {
  const stop = new AbortController();
  let isClosed = false;
  world.pages.set("/app/info/refs", (asked) => {
    asked.socket.once("close", () => {
      isClosed = true;
    });
    stop.abort(new Error("the task is stopped"));
  });
  await expect(
    world.fetch(paths, [{ GetterSource: `git::${world.url}/app` }], { signal: stop.signal }),
  ).rejects.toThrow("the task is stopped");
  expect(isClosed).toBe(true);
  expect(readdirSync(join(paths.allocation, ".artifacts", "web", "work"))).toEqual([]);
});

test("a clone that takes too long is given up", async () => {
  world.pages.set("/app/info/refs", () => undefined);
  const fault = await world.fault(
    paths,
    { GetterSource: `git::${world.url}/app` },
    {
      settings: { ...defaultArtifactSettings, gitTimeoutMs: 300, allowedNetworks: world.loopback },
    },
  );
  expect(fault).toContain("it was not complete after 300ms");
});

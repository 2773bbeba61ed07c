import { expect, test } from "vitest";
import {
  gitAddress,
  gitCommands,
  gitEnvironment,
  submoduleCommand,
} from "../../../../src/node/artifact/core/git-words.ts";
import type { GitSource } from "../../../../src/node/artifact/core/git-words.ts";
import { parseSource } from "../../../../src/node/artifact/core/source.ts";

function git(text: string, options: Record<string, string> = {}): GitSource {
  const parsed = parseSource(text, options);
  if (!parsed.ok || parsed.source.kind !== "git") throw new Error("not git");
  return parsed.source;
}
const network = {
  proxy: "http://git:pw@127.0.0.1:1",
  address: "10.0.0.7",
  keyPath: undefined,
  knownHostsPath: "/w/known hosts",
  isInsecure: false,
  headers: {},
};
const bare = (words: readonly string[]): string =>
  words.filter((word, at) => word !== "-c" && words[at - 1] !== "-c").join(" ");

test("a repository is cloned, and its ref is checked out", () => {
  const start = "clone --quiet --no-hardlinks --template=";
  expect(gitCommands(git("github.com/a/b"), "out").map(bare)).toEqual([
    `${start} -- https://github.com/a/b.git out`,
  ]);
  expect(gitCommands(git("github.com/a/b?ref=v1"), "out").map(bare)).toEqual([
    `${start} --no-checkout -- https://github.com/a/b.git out`,
    "-C out checkout --quiet v1 --",
  ]);
  expect(gitCommands(git("github.com/a/b?ref=v1&depth=1"), "out").map(bare)).toEqual([
    `${start} --depth=1 --branch=v1 -- https://github.com/a/b.git out`,
  ]);
  expect(gitCommands(git("github.com/a/b?ref=0123abcd&depth=1"), "out").map(bare)).toEqual([
    `${start} --no-checkout -- https://github.com/a/b.git out`,
    "-C out checkout --quiet 0123abcd --",
  ]);
  expect(bare(submoduleCommand("out", 1))).toBe(
    "-C out submodule --quiet update --init --recursive --depth=1",
  );
});

test("no call makes links or runs hooks", () => {
  for (const words of gitCommands(git("github.com/a/b?ref=v1"), "out")) {
    expect(words).toContain("core.symlinks=false");
    expect(words).toContain("core.hooksPath=/dev/null");
  }
});

test("passwords and headers go to the server, not into the repository or the process list", () => {
  const source = git("git::https://me:p%40ss@host/r.git");
  expect(gitAddress(source)).toBe("https://host/r.git");
  expect(gitCommands(source, "out").flat().join(" ")).not.toContain("p%40ss");
  const headers = { "X-Token": "t", "X-Bad": "a\nb" };
  const env = gitEnvironment(source, { ...network, headers }, "/home");
  expect(env).toMatchObject({
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "http.https://host/.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${btoa("me:p@ss")}`,
    GIT_CONFIG_VALUE_1: "X-Token: t",
    GIT_ALLOW_PROTOCOL: "http:https",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    https_proxy: network.proxy,
  });
  expect(env).not.toHaveProperty("GIT_SSL_NO_VERIFY");
});

test("ssh connects to the address that passed, with the given key only", () => {
  const source = git("git@example.com:a/b.git", { sshkey: btoa("KEY") });
  expect(source.sshKey).toBe("KEY");
  const env = gitEnvironment(source, { ...network, keyPath: "/w/key" }, "/home");
  expect(env["GIT_ALLOW_PROTOCOL"]).toBe("ssh");
  expect(env["GIT_SSH_COMMAND"]).toContain(
    "ssh -F /dev/null -o 'HostName=10.0.0.7' -o 'HostKeyAlias=example.com'",
  );
  for (const option of ["IdentityFile=/w/key", "IdentityAgent=none", "BatchMode=yes"])
    expect(env["GIT_SSH_COMMAND"]).toContain(`-o '${option}'`);
  expect(gitEnvironment(source, network, "/home")["GIT_SSH_COMMAND"]).toContain(
    "'IdentityFile=none'",
  );
});

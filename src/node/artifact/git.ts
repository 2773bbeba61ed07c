import { spawn } from "node:child_process";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { abortReasonOf } from "../../lib/abort.ts";
import type { AddressGuard } from "./address-guard.ts";
import { gitCommands, gitEnvironment, submoduleCommand } from "./core/git-words.ts";
import type { GitSource } from "./core/git-words.ts";
import type { Deadline } from "./deadline.ts";
import { failure } from "./failure.ts";
import { startGuardedProxy } from "./guarded-proxy.ts";
import { codeOf } from "../../lib/errors.ts";

export interface GitFetch {
  readonly source: GitSource;
  readonly headers: Readonly<Record<string, string>>;
  readonly isInsecure: boolean;
  readonly guard: AddressGuard;
  readonly deadline: Deadline;
  /** A folder of its own, to which only the agent has access. */
  readonly work: string;
}

const checkoutName = "checkout";

/** Clones with the machine's own git, and gives the folder that came of it. */
export async function fetchGit(fetch: GitFetch): Promise<string> {
  const { source, guard, work } = fetch;
  const home = join(work, "home");
  await mkdir(home, { mode: 0o700 });
  const isSsh = source.url.startsWith("ssh:");
  const address = isSsh ? await firstAddress(fetch) : undefined;
  const keyPath = source.sshKey === undefined ? undefined : join(home, "key");
  if (keyPath !== undefined && source.sshKey !== undefined)
    await writeFile(keyPath, withNewline(source.sshKey), { mode: 0o600, flag: "wx" });
  const proxy = await startGuardedProxy(guard);
  const { headers, isInsecure } = fetch;
  const knownHostsPath = join(home, "known_hosts");
  const network = { address, keyPath, knownHostsPath, isInsecure, headers };
  try {
    const env = gitEnvironment(source, { ...network, proxy: proxy.address }, home);
    for (const words of gitCommands(source, checkoutName)) await runGit(words, env, fetch);
    const checkout = join(work, checkoutName);
    if (await isThere(join(checkout, ".gitmodules"))) {
      // Whatever hosts a repository names, each is reached through the guard; ssh cannot be, so it is left out.
      const only = { ...env, GIT_ALLOW_PROTOCOL: "http:https" };
      await runGit(submoduleCommand(checkoutName, source.depth), only, fetch);
    }
    return checkout;
  } catch (thrown) {
    const [refusal] = proxy.refusals;
    throw refusal === undefined ? thrown : failure(refusal, thrown);
  } finally {
    await proxy.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** A question for a name cannot be taken back, but nobody has to wait for its answer. */
async function firstAddress({ source, guard, deadline: { signal } }: GitFetch): Promise<string> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(abortReasonOf(signal));
    });
  });
  const { hostname } = new URL(source.url);
  const [address] = await Promise.race([guard.resolve(hostname), aborted]);
  if (address === undefined) throw failure(`host ${hostname} has no address`);
  return address;
}

/** Runs one call in its own process group, so that the helpers it starts end with it. */
async function runGit(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  { work, deadline: { signal } }: GitFetch,
): Promise<void> {
  if (signal.aborted) throw abortReasonOf(signal);
  const child = spawn("git", words, {
    cwd: work,
    env: { ...env },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2000);
  });
  const end = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // All of the group are gone already.
    }
  };
  signal.addEventListener("abort", end, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      child.once("error", (thrown) => {
        reject(
          codeOf(thrown) === "ENOENT" ? failure('the program "git" is not installed') : thrown,
        );
      });
      child.once("close", (code, signalName) => {
        const how = signalName ?? `exit code ${code}`;
        if (code === 0) resolve();
        else reject(failure(`git: ${wordsOf(said) || how}`));
      });
    });
  } catch (thrown) {
    throw signal.aborted ? abortReasonOf(signal) : thrown;
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** One line, without what an address may carry. */
const wordsOf = (said: string): string =>
  said
    .trim()
    .split(/\s*\n\s*/)
    .join("; ")
    .replace(/(:\/\/)[^\s/@]*@/g, "$1");

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return false;
    throw thrown;
  }
}

/** A key file without a newline at its end is refused by ssh. */
const withNewline = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`);

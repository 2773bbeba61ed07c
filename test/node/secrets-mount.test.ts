import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { silentLogger, type Logger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { AllocationDirectories } from "../../src/node/alloc-directory.ts";
import { SecretsMounts, unmountSecrets } from "../../src/node/secrets-mount.ts";
import { demandRoot } from "../support/machine.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "secrets mount-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  unmountSecrets(root);
  rmSync(root, { recursive: true, force: true });
});
const mountLines = (): readonly string[] =>
  readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => line.includes(root.replace(" ", "\\040")))
    .sort((a, b) => Number(a.includes("/private ")) - Number(b.includes("/private ")));

test("secrets are in memory, small, and nothing runs from them", async () => {
  demandRoot();
  const directories = new AllocationDirectories(
    root,
    new SecretsMounts(createSystemClock(), silentLogger),
  );
  const paths = await directories.build("a1", "web", 3);
  expect(mountLines()).toHaveLength(2);
  expect(mountLines()[0]).toMatch(/nosuid,nodev,noexec.* tmpfs nomad-secrets rw.*size=3072k/);
  expect(mountLines()[1]).toMatch(/web\/private .*size=1024k/);
  expect(statSync(paths.secrets).mode & 0o7777).toBe(0o777);
  expect(statSync(paths.secrets).uid).toBe(65_534);
  writeFileSync(join(paths.secrets, "token"), "s");
  // Another agent's life: what is mounted stays, with what is in it.
  const later = new AllocationDirectories(
    root,
    new SecretsMounts(createSystemClock(), silentLogger),
  );
  await later.build("a1", "web", 3);
  expect(mountLines()).toHaveLength(2);
  expect(readFileSync(join(paths.secrets, "token"), "utf8")).toBe("s");
  expect(existsSync(join(paths.secrets, ".nomad-mount"))).toBe(true);
  await later.destroy("a1");
  expect(mountLines()).toEqual([]);
  expect(existsSync(join(root, "a1"))).toBe(false);
});

test("mounts of unknown allocations are swept, those of known ones stay", async () => {
  demandRoot();
  const directories = new AllocationDirectories(
    root,
    new SecretsMounts(createSystemClock(), silentLogger),
  );
  await directories.build("a1", "web");
  await directories.build("a2", "web");
  await directories.sweepMounts((id) => id === "a2");
  expect(mountLines()).toHaveLength(2);
  expect(mountLines().every((line) => line.includes("/a2/"))).toBe(true);
});

test("a link in the folder's place is never mounted on", async () => {
  demandRoot();
  mkdirSync(join(root, "elsewhere"));
  symlinkSync(join(root, "elsewhere"), join(root, "secrets"));
  const mounts = new SecretsMounts(createSystemClock(), silentLogger);
  await expect(mounts.mount(join(root, "secrets"), 1)).rejects.toThrow();
  expect(mountLines()).toEqual([]);
});

test("where mounting is not allowed the folders are plain, and that is said once", async () => {
  vi.spyOn(process, "getuid").mockReturnValue(1000);
  const warned: string[] = [];
  const log: Logger = {
    ...silentLogger,
    child: () => log,
    warn: (_fields, message) => void warned.push(message),
  };
  const directories = new AllocationDirectories(root, new SecretsMounts(createSystemClock(), log));
  const paths = await directories.build("a1", "web");
  await directories.build("a1", "other");
  expect(warned).toEqual(["secrets of tasks are kept on disk"]);
  writeFileSync(join(paths.secrets, "token"), "s");
  await directories.destroy("a1");
  expect(existsSync(join(root, "a1"))).toBe(false);
});

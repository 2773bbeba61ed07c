import { existsSync } from "node:fs";

/** Tests that mount, or act as another user, need the superuser; without it they fail and say why. */
export function demandRoot(): void {
  if (process.getuid?.() !== 0)
    throw new Error("this test mounts or becomes another user: run it as root");
}

/** A user other than the agent's own is taken on by setpriv. */
export function demandOtherUsers(): void {
  demandRoot();
  demandTools(["setpriv"]);
}

/** Tests of isolation need the real thing; where it is missing they fail and say why, and never pass by looking away. */
export function demandIsolation(): void {
  if (process.getuid?.() !== 0)
    throw new Error("this test shuts tasks in: run it as root (namespaces, mounts, cgroups)");
  if (!existsSync("/sys/fs/cgroup/cgroup.controllers") && !existsSync("/sys/fs/cgroup/memory"))
    throw new Error("this test shuts tasks in: mount cgroups (version 1 or 2) on /sys/fs/cgroup");
  demandTools(["unshare", "nsenter", "setpriv", "mount", "pivot_root"]);
}

function demandTools(tools: readonly string[]): void {
  for (const tool of tools)
    if (!["/usr/bin", "/usr/sbin", "/bin", "/sbin"].some((dir) => existsSync(`${dir}/${tool}`)))
      throw new Error(`this test needs ${tool}: install util-linux`);
}

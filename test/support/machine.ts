import { existsSync } from "node:fs";

/** Tests of isolation need the real thing; where it is missing they fail and say why, and never pass by looking away. */
export function demandIsolation(): void {
  if (process.getuid?.() !== 0)
    throw new Error("this test shuts tasks in: run it as root (namespaces, mounts, cgroups)");
  if (!existsSync("/sys/fs/cgroup/cgroup.controllers") && !existsSync("/sys/fs/cgroup/memory"))
    throw new Error("this test shuts tasks in: mount cgroups (version 1 or 2) on /sys/fs/cgroup");
  for (const tool of ["unshare", "nsenter", "setpriv", "mount", "pivot_root"])
    if (!["/usr/bin", "/usr/sbin", "/bin", "/sbin"].some((dir) => existsSync(`${dir}/${tool}`)))
      throw new Error(`this test shuts tasks in: install util-linux, ${tool} is missing`);
}

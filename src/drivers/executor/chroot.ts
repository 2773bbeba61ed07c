import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, normalize } from "node:path";
import type { HostMount, TaskSpec } from "../port.ts";
import { type Mount, mountPoints } from "./core/mount-table.ts";
import { makeLink, makeMountPoint } from "./mount-points.ts";
import { refusal } from "./refusal.ts";

/** What a task sees of the host, by its place there: the published list. */
export const standardChroot: ChrootEnv = Object.fromEntries(
  [
    "/bin",
    "/etc",
    "/lib",
    "/lib32",
    "/lib64",
    "/run/resolvconf",
    "/run/systemd/resolve",
    "/sbin",
    "/usr",
  ].map((path) => [path, path]),
);
export interface ChrootEnv {
  readonly [source: string]: string;
}

export interface ChrootOptions {
  readonly env: ChrootEnv;
  /** A folder of the driver's own, for what is the same in each root. */
  readonly skeletonDir: string;
  readonly hasOwnPids: boolean;
  readonly hasOwnIpc: boolean;
  /** A file to be seen as `/etc/resolv.conf`. */
  readonly resolvConf: string | undefined;
}

/**
 * The mounts that make the task's folder its root. The host's parts are read-only mounts and not links or copies, as
 * the reference makes them: nothing is copied, nothing has to be cleared away, and the mounts are gone with the
 * task's own mount namespace; with hard links a task that is root would write the host's files.
 */
export function chrootMounts(spec: TaskSpec, options: ChrootOptions): readonly Mount[] {
  const root = spec.directories.task;
  const mounted = mountPoints(readFileSync("/proc/self/mountinfo", "utf8"));
  return [
    { source: root, target: root, type: "none", options: ["rbind", "nosuid", "nodev"] },
    ...Object.entries(options.env).flatMap(([source, inside]) =>
      hostPart(root, source, inside, mounted),
    ),
    ...(options.resolvConf === undefined || !existsSync("/etc/resolv.conf")
      ? []
      : [
          // Where it is a link, its end is what can be mounted on.
          bound(options.resolvConf, join(root, realpathSync("/etc/resolv.conf")), "ro"),
        ]),
    ...systemMounts(root, options),
    {
      source: spec.directories.shared,
      target: makeMountPoint(root, "alloc", "directory"),
      type: "none",
      options: ["rbind", "nosuid", "nodev"],
    },
    // What the agent keeps for this task is not the task's.
    ...(existsSync(join(root, "private"))
      ? [bound(join(skeleton(options.skeletonDir), "empty"), join(root, "private"), "ro")]
      : []),
    ...spec.mounts.map((mount) => volume(root, mount, options.env)),
  ];
}

function volume(root: string, mount: HostMount, env: ChrootEnv): Mount {
  const { source, target, readOnly, propagation } = mount;
  if (propagation === "rshared")
    throw refusal(`the mount on ${target} cannot be shared in both directions`);
  const inside = normalize(`/${target}`).replace(/\/+$/, "");
  const link = Object.entries(env).find(
    ([from, to]) =>
      `${inside}/`.startsWith(`${to}/`) &&
      lstatSync(from, { throwIfNoEntry: false })?.isSymbolicLink() === true,
  );
  // On the link itself nothing can be mounted, and without it the root would fall apart.
  if (inside === "" || link !== undefined)
    throw refusal(`nothing can be mounted on ${target} of the task's root`);
  const kind = statSync(source).isDirectory() ? "directory" : "file";
  return {
    source,
    target: makeMountPoint(root, inside, kind),
    type: "none",
    options: ["rbind", readOnly ? "ro" : "rw", "nosuid", "nodev", propagation],
  };
}

/** One entry of the list, and what is mounted below it on the host. */
function hostPart(
  root: string,
  source: string,
  inside: string,
  mounted: readonly string[],
): readonly Mount[] {
  const found = lstatSync(source, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isSymbolicLink()) {
    makeLink(root, inside, readlinkSync(source));
    return [];
  }
  const kind = found.isDirectory() ? "directory" : "file";
  const below = mounted.filter((path) => path.startsWith(`${source}/`) && isPlain(path));
  return [
    bound(source, makeMountPoint(root, inside, kind), "ro"),
    ...below.map((path) => bound(path, join(root, inside, path.slice(source.length)), "ro")),
  ];
}

function isPlain(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true || found?.isFile() === true;
}

/** The kernel's own file systems and the devices that every program may have. */
function systemMounts(root: string, options: ChrootOptions): readonly Mount[] {
  const dev = makeMountPoint(root, "dev", "directory");
  const proc = makeMountPoint(root, "proc", "directory");
  const inDev = (name: string): string => join(dev, name);
  makeTmp(root);
  return [
    { source: "proc", target: proc, type: "proc", options: ["nosuid", "nodev", "noexec"] },
    ...hiddenInProc
      .filter((name) => existsSync(join("/proc", name)))
      .map((name) => device("/dev/null", join(proc, name))),
    ...fixedInProc
      .filter((name) => existsSync(join("/proc", name)))
      .map((name) => bound(join(proc, name), join(proc, name), "ro")),
    bound(join(skeleton(options.skeletonDir), "dev"), dev, "ro"),
    ...devices
      .filter((name) => existsSync(join("/dev", name)))
      .map((name) => device(join("/dev", name), inDev(name))),
    {
      source: "devpts",
      target: inDev("pts"),
      type: "devpts",
      options: ["newinstance", "ptmxmode=0666", "mode=0620", "gid=5", "nosuid", "noexec"],
    },
    options.hasOwnIpc
      ? {
          source: "shm",
          target: inDev("shm"),
          type: "tmpfs",
          options: ["mode=1777", "size=65536k", "nosuid", "nodev", "noexec"],
        }
      : bound("/dev/shm", inDev("shm"), "rw"),
    ...(options.hasOwnIpc
      ? [
          {
            source: "mqueue",
            target: inDev("mqueue"),
            type: "mqueue",
            options: ["nosuid", "nodev", "noexec"],
          },
        ]
      : []),
  ];
}

const devices = ["null", "zero", "full", "random", "urandom", "tty"];
/** What tells of the whole machine, and what changes it. */
const hiddenInProc = ["kcore", "keys", "timer_list", "sched_debug"];
const fixedInProc = ["sys", "sysrq-trigger", "irq", "bus", "fs", "asound"];

const bound = (source: string, target: string, mode: "ro" | "rw"): Mount => ({
  source,
  target,
  type: "none",
  options: ["bind", mode, "nosuid", "nodev"],
});
const device = (source: string, target: string): Mount => ({
  source,
  target,
  type: "none",
  options: ["bind"],
});

function makeTmp(root: string): void {
  const path = join(root, "tmp");
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  makeMountPoint(root, "tmp", "directory");
  // The mode of a new folder is cut by the agent's own mask.
  chmodSync(path, 0o1777);
}

/** Places for the devices, the same for every task, so that no task has to be given a writable `/dev`. */
function skeleton(dir: string): string {
  if (existsSync(join(dir, "complete"))) return dir;
  mkdirSync(join(dir, "empty"), { recursive: true });
  for (const name of ["pts", "shm", "mqueue"]) makeMountPoint(dir, `dev/${name}`, "directory");
  for (const name of devices) makeMountPoint(dir, `dev/${name}`, "file");
  const links = {
    ptmx: "pts/ptmx",
    fd: "/proc/self/fd",
    stdin: "/proc/self/fd/0",
    stdout: "/proc/self/fd/1",
    stderr: "/proc/self/fd/2",
  };
  for (const [name, target] of Object.entries(links)) makeLink(dir, `dev/${name}`, target);
  writeFileSync(join(dir, "complete"), "");
  return dir;
}

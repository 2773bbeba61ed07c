import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { errorText } from "../../lib/errors.ts";
import type { CgroupTree } from "./cgroups.ts";
import { missingTools, type ToolName, type Tools } from "./tools.ts";

export interface IsolationFound {
  /** Why no task can be shut in here. */
  readonly missing: string | undefined;
  /** What tasks are not kept from though they are shut in. */
  readonly shortcomings: readonly string[];
}
export type IsolationProbe = () => Promise<IsolationFound>;

const needed: readonly ToolName[] = [
  "unshare",
  "nsenter",
  "setpriv",
  "mount",
  "umount",
  "pivot_root",
  "chroot",
];
const trialMs = 10_000;

/** Tries out what the machine lets the agent do. What once worked is not tried again. */
export function createIsolationProbe(tools: Tools, cgroups: CgroupTree): IsolationProbe {
  let works = false;
  return async () => {
    const missing = absent(tools, cgroups) ?? (works ? undefined : await trial(tools));
    works = missing === undefined;
    const shortcomings = ["cpu", "memory"]
      .filter((name) => !cgroups.controllers.includes(name))
      .map((name) => `no ${name} limit`);
    return { missing, shortcomings };
  };
}

function absent(tools: Tools, cgroups: CgroupTree): string | undefined {
  if (process.getuid?.() !== 0) return "Driver must run as root";
  if (cgroups.version === 0) return "Cgroups are not mounted on this machine";
  const lacking = missingTools(tools, needed);
  if (lacking.length > 0) return `These programs are missing: ${lacking.join(", ")}`;
  const namespaces = ["mnt", "pid", "ipc"].filter((name) => !existsSync(`/proc/self/ns/${name}`));
  if (namespaces.length > 0) return `The kernel has no namespaces of: ${namespaces.join(", ")}`;
  return undefined;
}

/** The same namespaces that a task gets; a machine inside a container may not be allowed to make them. */
async function trial(tools: Tools): Promise<string | undefined> {
  const [unshare = "", mount = ""] = [tools.unshare, tools.mount];
  const words = ["--mount", "--pid", "--fork", "--ipc", "--propagation", "private", "--"];
  try {
    await promisify(execFile)(unshare, [...words, mount, "-t", "proc", "proc", "/proc"], {
      timeout: trialMs,
      killSignal: "SIGKILL",
    });
    return undefined;
  } catch (thrown) {
    return `Namespaces cannot be made: ${errorText(thrown)}`;
  }
}

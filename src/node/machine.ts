import { readFile } from "node:fs/promises";
import type { CpuInfo } from "node:os";

/** What one core counts for; a virtual machine may not tell. */
export const mhzOf = ({ speed }: Pick<CpuInfo, "speed">): number => (speed > 0 ? speed : 1000);

export interface Volume {
  readonly device: string;
  readonly mountPoint: string;
}

/** The volume that holds `path`: the mount with the longest matching prefix. */
export async function volumeOf(path: string): Promise<Volume> {
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n");
  let best = { mountPoint: "", device: "" };
  for (const line of mounts) {
    const [device = "", mountPoint = ""] = line.split(" ");
    const isAbove = mountPoint === "/" || path === mountPoint || path.startsWith(`${mountPoint}/`);
    if (isAbove && mountPoint.length >= best.mountPoint.length) best = { mountPoint, device };
  }
  return best;
}

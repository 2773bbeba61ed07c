import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import Docker from "dockerode";

const docker = new Docker();
export const nodeImage = "nomad-bench-node:1";

/** An image of this machine's own node and what it is linked to: a server that many callers at once do not overrun. */
export async function makeNodeImage(): Promise<void> {
  const linked = execFileSync("ldd", [process.execPath], { encoding: "utf8" });
  const files = [
    process.execPath,
    ...[...linked.matchAll(/(?:=> )?(\/\S+) \(/g)].map(([, path]) => path ?? ""),
  ];
  const tar = spawn("tar", ["-chf", "-", "-C", "/", ...files.map((file) => file.slice(1))], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [repo, tag] = nodeImage.split(":");
  const answer = await docker.importImage(tar.stdout, { repo, tag });
  answer.resume();
  await once(answer, "end");
  // Also fails where the engine kept nothing.
  await docker.getImage(nodeImage).inspect();
}

export const removeNodeImage = (): Promise<unknown> => docker.getImage(nodeImage).remove();

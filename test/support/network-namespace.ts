import { spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import { until } from "./until.ts";

const unshare = "/usr/bin/unshare";

/** A network namespace that somebody holds, as the network of a group is held; its name is what a process in it reads. */
export async function holdNetworkNamespace(): Promise<{
  readonly path: string;
  readonly name: string;
  close(): void;
}> {
  const holder = spawn(unshare, ["--net", "--", "sleep", "600"], { stdio: "ignore" });
  const path = `/proc/${holder.pid ?? 0}/ns/net`;
  const own = readlinkSync("/proc/self/ns/net");
  const name = await until("the namespace", () => {
    const seen = readlinkSync(path);
    return seen === own ? undefined : seen;
  });
  return { path, name, close: () => void holder.kill("SIGKILL") };
}

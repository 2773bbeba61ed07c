import type Docker from "dockerode";
import { errorText } from "../../lib/errors.ts";
import type { DriverFingerprint } from "../port.ts";
import { callSignal, within } from "./engine.ts";
import type { DockerPluginConfig } from "./options.ts";

const timeoutMs = 10_000;
const groupHint =
  "add your user to the docker group: sudo usermod -aG docker $USER, then log in again";

/** Is there an engine, is it well, and what can it do? */
export async function fingerprintEngine(
  engine: Docker,
  plugin: DockerPluginConfig,
  signal: AbortSignal,
): Promise<DriverFingerprint> {
  try {
    const abortSignal = callSignal(signal, timeoutMs);
    const [version, info, bridge] = await Promise.all([
      within(engine.version(), abortSignal),
      within(engine.info(), abortSignal),
      bridgeAddress(engine, abortSignal),
    ]);
    const runtimes = Object.keys((info as { Runtimes?: object }).Runtimes ?? {}).toSorted();
    return {
      detected: true,
      healthy: true,
      description: "Healthy",
      attributes: {
        "": "1",
        version: version.Version,
        os_type: (info as { OSType?: string }).OSType ?? "linux",
        runtimes: runtimes.join(","),
        ...(bridge === undefined ? {} : { bridge_ip: bridge }),
        ...(plugin.allowPrivileged ? { "privileged.enabled": "true" } : {}),
        ...(plugin.volumesEnabled ? { "volumes.enabled": "true" } : {}),
        ...(plugin.pidsLimit > 0 ? { "pids.limit": String(plugin.pidsLimit) } : {}),
      },
    };
  } catch (thrown) {
    return { detected: false, healthy: false, description: describe(thrown), attributes: {} };
  }
}

async function bridgeAddress(
  engine: Docker,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  try {
    const network = await within<Docker.NetworkInspectInfo>(
      engine.getNetwork("bridge").inspect(),
      abortSignal,
    );
    const [config] = network.IPAM?.Config ?? [];
    return (config as { Gateway?: string } | undefined)?.Gateway;
  } catch {
    // An engine started without a bridge is an engine all the same.
    return undefined;
  }
}

function describe(thrown: unknown): string {
  const code =
    typeof thrown === "object" && thrown !== null && "code" in thrown ? thrown.code : undefined;
  if (code === "EACCES")
    return `Failed to connect to docker daemon: permission denied; ${groupHint}`;
  return `Failed to connect to docker daemon: ${errorText(thrown)}`;
}
